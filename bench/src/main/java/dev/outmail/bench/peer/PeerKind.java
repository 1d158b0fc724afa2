package dev.outmail.bench.peer;

import java.util.Arrays;
import java.util.Optional;

/// The peers that run in a JVM.
public enum PeerKind {
    OUTMAIL("outmail", OutmailPeer::new),
    ANGUS("angus", AngusPeer::asDocumented),
    ANGUS_FIXED("angus-fixed", AngusPeer::lookUpsFixed),
    ANGUS_NO_DELAY("angus-nodelay", AngusPeer::noDelay),
    SIMPLE_JAVA_MAIL("simple-java-mail", SimpleJavaMailPeer::asDocumented),
    SIMPLE_JAVA_MAIL_FIXED("simple-java-mail-fixed", SimpleJavaMailPeer::lookUpsFixed),
    SPRING("spring", SpringPeer::oneByOne),
    SPRING_ARRAYS("spring-arrays", SpringPeer::arrays),
    SPRING_ARRAYS_FIXED("spring-arrays-fixed", SpringPeer::arraysLookUpsFixed),
    VERTX("vertx", VertxPeer::new),
    HUBSPOT("hubspot", HubSpotPeer::new),
    OUTMAIL_END_TO_END("outmail-kafka", OutmailEndToEnd::new),
    SPRING_KAFKA("spring-kafka", SpringKafkaPeer::new);

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // method references
    private final Opening opening;

    private interface Opening {
        Peer open(Target target) throws Exception;
    }

    PeerKind(String label, Opening opening) {
        this.label = label;
        this.opening = opening;
    }

    /// What `--peer` and the tables call it.
    public String label() {
        return label;
    }

    public static Optional<PeerKind> of(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }

    Peer open(Target target) throws Exception {
        return opening.open(target);
    }
}
