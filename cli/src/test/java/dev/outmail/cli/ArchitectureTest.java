package dev.outmail.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.outmail", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule nobodyDependsOnTheCommandLine =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.outmail.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.outmail.cli..");

    @ArchTest
    static final ArchRule ofTheWorkerOnlyItsPublicTypesAreUsed =
            noClasses()
                    .that()
                    .resideInAPackage("dev.outmail.cli..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("dev.outmail.worker..")
                                    .and(not(modifier(JavaModifier.PUBLIC))));

    @ArchTest
    static final ArchRule theDemoLeavesTheBrokerToTheCommandLine =
            noClasses()
                    .that()
                    .resideInAPackage("dev.outmail.cli.demo..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dev.outmail.broker..");

    @ArchTest
    static final ArchRule onlyTheDemoHasAMailServer =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.outmail.cli.demo..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("com.icegreen..");

    @ArchTest
    static final ArchRule commandsAreForTheCommandLineAlone =
            classes().that().haveSimpleNameEndingWith("Command").should().notBePublic();
}
