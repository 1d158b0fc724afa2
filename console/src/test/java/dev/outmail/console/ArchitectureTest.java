package dev.outmail.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.outmail.console",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule theConsoleKnowsCommonAlone =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.outmail.worker..",
                            "dev.outmail.producer..",
                            "dev.outmail.broker..",
                            "dev.outmail.cli..");

    @ArchTest
    static final ArchRule whatAllPagesShareKnowsNoneOfThem =
            noClasses()
                    .that()
                    .resideInAPackage("dev.outmail.console.web..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.outmail.console.people..",
                            "dev.outmail.console.audit..",
                            "dev.outmail.console.settings..",
                            "dev.outmail.console.probe..",
                            "dev.outmail.console.log..",
                            "dev.outmail.console.letters..",
                            "dev.outmail.console.fleet..");

    @ArchTest
    static final ArchRule onlyTheIndexSpeaksSql =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.outmail.console.log..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.sql..");
}
