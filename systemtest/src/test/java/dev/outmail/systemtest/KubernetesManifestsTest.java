package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.outmail.config.DeploymentReader;
import dev.outmail.kafka.Topics;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `deploy/kubernetes` against Kubernetes' types, read strictly: a field that a type does not have
/// is an error. And what the manifests say together.
class KubernetesManifestsTest {
    private static final Path FOLDER = Checkout.ROOT.resolve("deploy").resolve("kubernetes");

    private static final List<String> OTHERS = List.of("outmail-console", "outmail-smtp-in");

    private static final Map<String, Class<?>> TYPES =
            Map.of(
                    "v1/ConfigMap", ConfigMap.class,
                    "v1/Secret", Secret.class,
                    "v1/Service", Service.class,
                    "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
                    "apps/v1/Deployment", Deployment.class,
                    "batch/v1/Job", Job.class,
                    "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
                    "monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class,
                    "keda.sh/v1alpha1/ScaledObject", ScaledObject.class);

    /// The types of Kubernetes' client keep what they don't know; these here don't.
    private static final ObjectMapper STRICT =
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .setAnnotationIntrospector(
                            new JacksonAnnotationIntrospector() {
                                private static final long serialVersionUID = 1;

                                @Override
                                public Boolean hasAnySetter(Annotated setter) {
                                    return false;
                                }
                            });

    /// What KEDA 2 takes, as far as it is used: its types are in no library.
    record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {
        record Spec(
                Target scaleTargetRef,
                int minReplicaCount,
                int maxReplicaCount,
                int pollingInterval,
                Advanced advanced,
                List<Trigger> triggers) {}

        record Target(String name) {}

        record Advanced(Scaling horizontalPodAutoscalerConfig) {}

        record Scaling(Behavior behavior) {}

        record Behavior(Rules scaleDown) {}

        record Rules(int stabilizationWindowSeconds, List<Policy> policies) {}

        record Policy(String type, int value, int periodSeconds) {}

        record Trigger(String type, Map<String, String> metadata) {}
    }

    static Stream<JsonNode> manifests() {
        try (var files = Files.list(FOLDER)) {
            return files.sorted().toList().stream().flatMap(KubernetesManifestsTest::documents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> documents(Path file) {
        var yaml = new YAMLMapper();
        try (var parser = yaml.createParser(file.toFile());
                var documents = yaml.readValues(parser, JsonNode.class)) {
            return documents.readAll().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /// The only one but the console's and smtp-in's.
    private static <T> T the(Class<T> type) {
        return manifests()
                .filter(node -> type.equals(type(node)))
                .filter(node -> !OTHERS.contains(node.at("/metadata/name").asText()))
                .map(node -> read(node, type))
                .findFirst()
                .orElseThrow();
    }

    private static <T> Stream<T> all(Class<T> type) {
        return manifests().filter(node -> type.equals(type(node))).map(node -> read(node, type));
    }

    private static Class<?> type(JsonNode node) {
        var name = node.path("apiVersion").asText() + "/" + node.path("kind").asText();
        return Optional.ofNullable(TYPES.get(name))
                .orElseThrow(() -> new AssertionError("no type for " + name));
    }

    private static <T> T read(JsonNode node, Class<T> type) {
        try {
            return STRICT.treeToValue(node, type);
        } catch (IOException e) {
            throw new AssertionError(node.path("metadata").path("name") + ": " + e.getMessage(), e);
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void aManifestIsOfAKnownTypeAndSaysNothingElse(JsonNode manifest) {
        assertThat(read(manifest, type(manifest))).isNotNull();
        assertThat(manifest.at("/metadata/labels/app.kubernetes.io~1name").asText())
                .isEqualTo("outmail");
    }

    @Test
    void variablesAreKeysOfTheConfiguration() {
        var variables = new HashMap<>(the(ConfigMap.class).getData());
        all(Secret.class).forEach(secret -> variables.putAll(secret.getStringData()));
        pods().stream()
                .flatMap(pod -> pod.getContainers().stream())
                .flatMap(container -> container.getEnv().stream())
                .forEach(variable -> variables.put(variable.getName(), variable.getValue()));

        var deployment = DeploymentReader.read(DeploymentReader.keys(variables), Map.of());

        assertThat(deployment.clients("test").bootstrapServers()).contains("kafka-bootstrap:9093");
    }

    @Test
    void aWorkerHasTimeToDrain() {
        var deployment = the(Deployment.class);
        var drain =
                Duration.parse(
                        "PT" + the(ConfigMap.class).getData().get("OUTMAIL_WORKER_DRAIN_TIMEOUT"));

        var grace = deployment.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds();

        assertThat(Duration.ofSeconds(grace)).isGreaterThanOrEqualTo(drain.plusSeconds(10));
    }

    @Test
    void podsHaveNoRightsAndNoVariablesButTheirOwn() {
        assertThat(pods())
                .hasSize(4)
                .allSatisfy(pod -> {
                    assertThat(pod.getEnableServiceLinks()).isFalse();
                    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
                    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
                    assertThat(pod.getContainers())
                            .extracting(Container::getSecurityContext)
                            .allSatisfy(context -> {
                                assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                                assertThat(context.getAllowPrivilegeEscalation()).isFalse();
                                assertThat(context.getCapabilities().getDrop())
                                        .containsExactly("ALL");
                            });
                });
    }

    private static List<PodSpec> pods() {
        return Stream.concat(
                        all(Deployment.class).map(one -> one.getSpec().getTemplate()),
                        all(Job.class).map(one -> one.getSpec().getTemplate()))
                .map(PodTemplateSpec::getSpec)
                .toList();
    }

    @Test
    void whatChoosesPodsChoosesWorkers() {
        var labels = the(Deployment.class).getSpec().getTemplate().getMetadata().getLabels();

        assertThat(labels)
                .isEqualTo(the(Deployment.class).getSpec().getSelector().getMatchLabels())
                .isEqualTo(the(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels())
                .isEqualTo(the(Service.class).getSpec().getSelector());
        assertThat(the(Service.class).getMetadata().getLabels())
                .isEqualTo(the(ServiceMonitor.class).getSpec().getSelector().getMatchLabels());
        assertThat(the(ServiceMonitor.class).getSpec().getEndpoints().getFirst().getPort())
                .isEqualTo(the(Service.class).getSpec().getPorts().getFirst().getName());
    }

    @Test
    void mailComesInBehindOneAddressWithTlsAndALogin() {
        var name = "outmail-smtp-in";
        var deployment = named(name, Deployment.class);
        var pod = deployment.getSpec().getTemplate();
        var labels = pod.getMetadata().getLabels();
        var service = named(name, Service.class);
        var container = pod.getSpec().getContainers().getFirst();
        var variables = new HashMap<>(the(ConfigMap.class).getData());
        container.getEnv().forEach(one -> variables.put(one.getName(), one.getValue()));

        assertThat(labels)
                .isEqualTo(deployment.getSpec().getSelector().getMatchLabels())
                .isEqualTo(
                        named(name, PodDisruptionBudget.class)
                                .getSpec()
                                .getSelector()
                                .getMatchLabels())
                .isEqualTo(service.getSpec().getSelector());
        assertThat(service.getMetadata().getLabels())
                .isEqualTo(
                        named(name, ServiceMonitor.class).getSpec().getSelector().getMatchLabels());
        var options = DeploymentReader.read(DeploymentReader.keys(variables), Map.of()).smtpIn();
        var tls = options.tls().orElseThrow();
        assertThat(container.getPorts())
                .extracting(ContainerPort::getContainerPort)
                .containsExactly(options.port(), 8082);
        assertThat(Stream.of(tls.certificate(), tls.key(), options.users().orElseThrow()))
                .allSatisfy(file ->
                        assertThat(container.getVolumeMounts())
                                .extracting(VolumeMount::getMountPath)
                                .contains(String.valueOf(file.getParent())));
    }

    private static <T extends HasMetadata> T named(String name, Class<T> type) {
        return all(type)
                .filter(one -> one.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theConsolesServiceFindsItsPod() {
        var console = named("outmail-console", Deployment.class);
        var labels = console.getSpec().getTemplate().getMetadata().getLabels();

        assertThat(console.getSpec().getSelector().getMatchLabels()).isEqualTo(labels);
        assertThat(all(Service.class))
                .filteredOn(service -> service.getSpec().getSelector().equals(labels))
                .singleElement()
                .satisfies(service ->
                        assertThat(service.getMetadata().getName()).isEqualTo("outmail-console"));
        assertThat(console.getSpec().getTemplate().getSpec().getVolumes())
                .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                .singleElement()
                .satisfies(volume ->
                        assertThat(volume.getPersistentVolumeClaim().getClaimName())
                                .isEqualTo(
                                        all(PersistentVolumeClaim.class)
                                                .findFirst()
                                                .orElseThrow()
                                                .getMetadata()
                                                .getName()));
    }

    @Test
    void workersAreScaledByTheLagOfTheirGroup() {
        var scaled = the(ScaledObject.class).spec();
        var topics = new Topics("outmail.");

        assertThat(scaled.scaleTargetRef().name())
                .isEqualTo(the(Deployment.class).getMetadata().getName());
        assertThat(scaled.triggers().getFirst().metadata())
                .containsEntry("topic", topics.events())
                .containsEntry("consumerGroup", topics.workerGroup());
        assertThat(
                        the(Job.class)
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .getFirst()
                                .getArgs())
                .containsSequence("--partitions", Integer.toString(scaled.maxReplicaCount()));
    }
}
