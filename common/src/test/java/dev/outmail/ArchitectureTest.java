package dev.outmail;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.outmail.mail.MailEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the packages of this module may know of each other, and what their code must not do.
class ArchitectureTest {
    private static final JavaClasses MAIN =
            new ClassFileImporter()
                    .importUrl(MailEvent.class.getProtectionDomain().getCodeSource().getLocation());

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    package,  may use
                    mail,     nothing
                    kafka,    mail
                    wire,     mail
                    settings, mail wire kafka
                    delivery, mail wire settings
                    config,   mail wire kafka settings
                    deadletters, mail wire kafka
                    fleet,    wire kafka
                    preferences, mail wire kafka settings
                    endpoints, config
                    """,
            useHeadersInDisplayName = true)
    void aPackageUsesOfOursWhatItMay(String user, String used) {
        var may =
                Stream.concat(Stream.of(user), Stream.of(used.split(" ")))
                        .map(name -> "dev.outmail." + name + "..")
                        .toArray(String[]::new);

        classes()
                .that(resideInAPackage("dev.outmail." + user + ".."))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(may).or(resideOutsideOfPackage("dev.outmail..")))
                .check(MAIN);
    }

    @Test
    void thereIsNoOtherPackage() {
        classes()
                .should()
                .resideInAnyPackage(
                        Stream.of(
                                        "mail",
                                        "kafka",
                                        "wire",
                                        "settings",
                                        "delivery",
                                        "config",
                                        "deadletters",
                                        "fleet",
                                        "preferences",
                                        "endpoints")
                                .map(name -> "dev.outmail." + name + "..")
                                .toArray(String[]::new))
                .check(MAIN);
    }

    @Test
    void noPackagesDependOnEachOther() {
        slices().matching("dev.outmail.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    /// Clocks are handed in; `System::nanoTime` as a default is a reference, not a call.
    @Test
    void nobodyReadsAStaticClock() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethodWhere(
                        target(owner(resideInAPackage("java.time..")))
                                .and(target(nameMatching("now|system|systemUTC|tick.*"))))
                .check(MAIN);
    }

    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(owner(nameMatching("java\\.lang\\.Thread")))
                                .and(target(nameMatching("sleep|yield|onSpinWait"))))
                .orShould()
                .callMethodWhere(target(owner(nameMatching(".*\\.LockSupport"))))
                .check(MAIN);
    }

    @Test
    void nobodyWritesToTheConsole() {
        noClasses().should(ACCESS_STANDARD_STREAMS).check(MAIN);
    }

    @Test
    void everyLogGoesThroughSlf4j() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.apache.commons.logging..")
                .check(MAIN);
    }
}
