package dev.outmail.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/// Asks Kafka what whoever asks may do. Of a topic or group that is not there yet, and of a
/// transactional id, Kafka tells less: that it can't be seen at all is found, no more.
public final class AccessCheck {
    private final Admin admin;
    private final Topics topics;

    /// @param admin who asks is who is logged in there
    public AccessCheck(Admin admin, Topics topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /// What is missing of these, resource by resource; empty where Kafka has no ACLs. Comes on a
    /// thread of Kafka's client, and fails where Kafka does not answer.
    public CompletableFuture<List<Grant>> missing(Role role) {
        var answers =
                role.grants(topics).stream()
                        .flatMap(grant -> names(grant).map(name -> missing(grant, name)))
                        .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        answers.stream()
                                .map(CompletableFuture::join)
                                .filter(missing -> !missing.operations().isEmpty())
                                .toList());
    }

    private Stream<String> names(Grant grant) {
        return grant.isPrefixed()
                ? topics.names().stream().filter(grant::covers)
                : Stream.of(grant.resource().name());
    }

    private CompletableFuture<Grant> missing(Grant grant, String name) {
        return allowed(grant.resource().resourceType(), name)
                .handle((allowed, failure) -> {
                    var left = new ArrayList<>(grant.operations());
                    left.removeAll(
                            failure == null ? known(grant, allowed) : unseen(grant, failure));
                    return grant.narrowed(name, left);
                });
    }

    /// Null, as of brokers before 2.3, is not known; then nothing counts as missing.
    private static Collection<AclOperation> known(
            Grant grant, @Nullable Set<AclOperation> allowed) {
        return allowed == null ? grant.operations() : allowed;
    }

    private static Collection<AclOperation> unseen(Grant grant, Throwable failure) {
        var cause = failure instanceof CompletionException e ? e.getCause() : failure;
        return switch (cause) {
            case AuthorizationException e -> List.of();
            case UnknownTopicOrPartitionException e -> grant.operations();
            case GroupIdNotFoundException e -> grant.operations();
            case TransactionalIdNotFoundException e -> grant.operations();
            case null, default -> throw new CompletionException(failure);
        };
    }

    private CompletableFuture<@Nullable Set<AclOperation>> allowed(ResourceType type, String name) {
        var one = List.of(name);
        return switch (type) {
            case TOPIC ->
                    answer(
                            admin.describeTopics(
                                            one,
                                            new DescribeTopicsOptions()
                                                    .includeAuthorizedOperations(true))
                                    .topicNameValues()
                                    .get(name),
                            TopicDescription::authorizedOperations);
            case GROUP ->
                    answer(
                            admin.describeConsumerGroups(
                                            one,
                                            new DescribeConsumerGroupsOptions()
                                                    .includeAuthorizedOperations(true))
                                    .describedGroups()
                                    .get(name),
                            ConsumerGroupDescription::authorizedOperations);
            case TRANSACTIONAL_ID ->
                    answer(admin.describeTransactions(one).description(name), seen -> null);
            case ANY, UNKNOWN, CLUSTER, DELEGATION_TOKEN, USER ->
                    throw new IllegalArgumentException("no grant is about a " + type);
        };
    }

    private static <T> CompletableFuture<@Nullable Set<AclOperation>> answer(
            @Nullable KafkaFuture<T> future, Function<T, @Nullable Set<AclOperation>> allowed) {
        if (future == null) {
            throw new IllegalStateException("Kafka's client has no answer to what it was asked");
        }
        return future.toCompletionStage().toCompletableFuture().thenApply(allowed);
    }
}
