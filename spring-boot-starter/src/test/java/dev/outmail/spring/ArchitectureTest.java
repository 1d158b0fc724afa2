package dev.outmail.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.outmail.spring",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule itIsOnTopOfWhatApplicationsLink =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.outmail.worker..", "dev.outmail.console..", "dev.outmail.cli..");

    @ArchTest
    static final ArchRule applicationsSeeFewTypes =
            classes()
                    .that()
                    .arePublic()
                    .and()
                    .areTopLevelClasses()
                    .should()
                    .haveNameMatching(
                            ".*\\.(Outmail(Properties|Test|.*AutoConfiguration)|MailNotSent)");

    @ArchTest
    static final ArchRule applicationsRunWithoutWhatTestsNeed =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.outmail.spring.test")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.outmail.spring.test",
                            "org.springframework.test..",
                            "org.springframework.boot.test..");

    @ArchTest
    static final ArchRule whatMayBeMissingIsUsedBehindItsConditionOnly =
            noClasses()
                    .that()
                    .haveNameNotMatching(
                            ".*(AfterCommit|TransactionalOutmail|ConnectionOfSpringKafka|OutmailHealth.*|\\$With.*)")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.springframework.transaction..",
                            "org.springframework.kafka..",
                            "org.springframework.boot.kafka..",
                            "org.springframework.boot.health..",
                            "io.micrometer..");
}
