package dev.outmail.producer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.outmail.producer",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule publishersDependOnWhatIsCommonOnly =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.outmail.worker..", "dev.outmail.console..", "dev.outmail.cli..");

    @ArchTest
    static final ArchRule theInterfaceAloneLeadsToItsImplementation =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName("dev.outmail.producer.Outmail")
                    .and()
                    .haveNameNotMatching("dev\\.outmail\\.producer\\.KafkaOutmail(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("dev.outmail.producer.KafkaOutmail");
}
