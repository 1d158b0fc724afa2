package dev.outmail.submission.smtp;

import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.outmail.submission.smtp",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule mailComesInByItself =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.outmail.submission.sendmail..",
                            "dev.outmail.worker..",
                            "dev.outmail.console..",
                            "dev.outmail.cli..");

    @ArchTest
    static final ArchRule onlyTheWholeIsPublic =
            classes()
                    .that()
                    .areTopLevelClasses()
                    .and()
                    .haveModifier(PUBLIC)
                    .should()
                    .haveSimpleName("SmtpIn");
}
