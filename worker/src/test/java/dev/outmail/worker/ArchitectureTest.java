package dev.outmail.worker;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.kafka.clients.consumer.Consumer;

@AnalyzeClasses(
        packages = "dev.outmail.worker",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule theWorkerKnowsNeitherPublishersNorThePages =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.outmail.producer..", "dev.outmail.console..", "dev.outmail.cli..");

    @ArchTest
    static final ArchRule onlyTheWorkerItselfIsPublic =
            classes()
                    .that()
                    .resideInAPackage("dev.outmail.worker")
                    .and()
                    .haveModifier(PUBLIC)
                    .should()
                    .haveNameMatching("dev\\.outmail\\.worker\\.(Lasting)?Worker");

    @ArchTest
    static final ArchRule partsDoNotKnowTheWhole =
            noClasses()
                    .that()
                    .resideInAPackage("dev.outmail.worker.(*)..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.outmail.worker");

    @ArchTest
    static final ArchRule onlyTheLoopsTouchTheirConsumers =
            noClasses()
                    .that()
                    .haveNameNotMatching(
                            "dev\\.outmail\\.worker\\.(Intake|Commits|ledger\\.LedgerReader|delay\\.DelayLine)(\\$.*)?")
                    .should()
                    .callMethodWhere(target(owner(assignableTo(Consumer.class))));
}
