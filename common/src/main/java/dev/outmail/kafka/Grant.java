package dev.outmail.kafka;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// What somebody may do with a resource of Kafka, in the words of its ACLs. Whoever may read or
/// write may describe, too.
///
/// @param why what it is needed for
public record Grant(ResourcePattern resource, List<AclOperation> operations, String why) {
    public Grant {
        operations = List.copyOf(operations);
    }

    static Grant topic(String name, String why, AclOperation... operations) {
        return of(ResourceType.TOPIC, name, PatternType.LITERAL, why, operations);
    }

    /// Of all topics whose names start so.
    static Grant topics(String prefix, String why, AclOperation... operations) {
        return of(ResourceType.TOPIC, prefix, PatternType.PREFIXED, why, operations);
    }

    static Grant group(String name, String why) {
        return group(name, why, AclOperation.READ);
    }

    static Grant group(String name, String why, AclOperation operation) {
        return of(ResourceType.GROUP, name, PatternType.LITERAL, why, operation);
    }

    static Grant transactionalId(String name, String why) {
        return of(
                ResourceType.TRANSACTIONAL_ID, name, PatternType.LITERAL, why, AclOperation.WRITE);
    }

    private static Grant of(
            ResourceType type,
            String name,
            PatternType pattern,
            String why,
            AclOperation... operations) {
        return new Grant(new ResourcePattern(type, name, pattern), List.of(operations), why);
    }

    boolean isOf(ResourceType type) {
        return resource.resourceType() == type;
    }

    /// Whether it is about the resource of this name.
    boolean covers(String name) {
        return isPrefixed() ? name.startsWith(resource.name()) : name.equals(resource.name());
    }

    public boolean isPrefixed() {
        return resource.patternType() == PatternType.PREFIXED;
    }

    /// The resource's type, as in `transactional-id`.
    public String type() {
        return resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The resource's name, with a star at the end of a prefix.
    public String name() {
        return resource.name() + (isPrefixed() ? "*" : "");
    }

    /// Of this, so much for one resource.
    Grant narrowed(String name, List<AclOperation> to) {
        return new Grant(
                new ResourcePattern(resource.resourceType(), name, PatternType.LITERAL), to, why);
    }

    /// As in `READ and WRITE on topic outmail.events`.
    @Override
    public String toString() {
        return operations.stream().map(AclOperation::name).collect(Collectors.joining(" and "))
                + " on "
                + type()
                + " "
                + name();
    }
}
