package dev.outmail.kafka;

import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import java.util.List;

/// Who does what with Kafka, and the least that it takes where Kafka has ACLs. None needs a right
/// on the cluster; who has two roles needs the grants of both.
public enum Role {
    PRODUCER("publishes events with any Kafka client") {
        @Override
        public List<Grant> grants(Topics topics) {
            return List.of(Grant.topic(topics.events(), "publish", WRITE));
        }
    },
    APPLICATION("publishes or delivers instantly with the Java library, `publish` and `send`") {
        @Override
        public List<Grant> grants(Topics topics) {
            return List.of(
                    Grant.topic(topics.events(), "publish", WRITE),
                    Grant.topic(topics.settings(), "go by the settings of the moment", READ),
                    Grant.topic(topics.log(), "log what was delivered instantly", WRITE),
                    Grant.topic(topics.workers(), "tell which settings are applied", WRITE),
                    Grant.topic(
                            topics.preferences(),
                            "know and change what recipients chose",
                            READ,
                            WRITE));
        }
    },
    WORKER("delivers, `worker`") {
        @Override
        public List<Grant> grants(Topics topics) {
            return List.of(
                    Grant.topic(
                            topics.events(),
                            "take events, put back what waited, warn before retention",
                            READ,
                            WRITE,
                            DESCRIBE_CONFIGS),
                    Grant.group(topics.workerGroup(), "share the events with other workers"),
                    Grant.topic(topics.settings(), "go by the settings of the moment", READ),
                    Grant.topic(topics.ledger(), "send nothing twice", READ, WRITE),
                    Grant.topic(topics.log(), "log outcomes", WRITE),
                    Grant.topic(topics.deadLetters(), "keep what is not tried again", WRITE),
                    Grant.topics(topics.delays(), "let retries and sendAt wait", READ, WRITE),
                    Grant.group(topics.delayGroup(), "share what waits with other workers"),
                    Grant.topic(
                            topics.breakers(), "leave broken servers alone together", READ, WRITE),
                    Grant.topic(topics.workers(), "tell which settings are applied", WRITE));
        }
    },
    VIEWER("looks: `log`, `fleet`, `settings show`, `dead-letters list`, `preferences show`") {
        @Override
        public List<Grant> grants(Topics topics) {
            return List.of(
                    Grant.topic(topics.log(), "see outcomes", READ),
                    Grant.topic(topics.settings(), "see settings", READ),
                    Grant.topic(topics.settingsHistory(), "see who changed what", READ),
                    Grant.topic(topics.deadLetters(), "see dead letters, whole", READ),
                    Grant.topic(topics.workers(), "see who is alive", READ),
                    Grant.topic(topics.preferences(), "see what recipients chose", READ));
        }
    },
    OPERATOR("looks and acts: `settings set`, `what-if`, `dead-letters replay`, `log --held`") {
        @Override
        public List<Grant> grants(Topics topics) {
            return List.of(
                    Grant.topic(topics.log(), "see outcomes", READ),
                    Grant.topic(topics.settings(), "see and save settings", READ, WRITE),
                    Grant.topic(topics.settingsHistory(), "note who changed what", READ, WRITE),
                    Grant.transactionalId(topics.settingsWriter(), "save settings one at a time"),
                    Grant.topic(
                            topics.deadLetters(), "see letters, note what was done", READ, WRITE),
                    Grant.topic(topics.events(), "replay and release; what-if", READ, WRITE),
                    Grant.topic(topics.workers(), "see who applied the settings", READ),
                    Grant.topic(
                            topics.preferences(),
                            "see and set what recipients chose",
                            READ,
                            WRITE));
        }
    },
    CONSOLE("shows all of it and acts for who is logged in, `console`") {
        @Override
        public List<Grant> grants(Topics topics) {
            return List.of(
                    Grant.topics(topics.prefix(), "show what there is", READ),
                    Grant.topic(topics.settings(), "save settings", WRITE),
                    Grant.topic(topics.settingsHistory(), "note who changed what", WRITE),
                    Grant.transactionalId(topics.settingsWriter(), "save settings one at a time"),
                    Grant.topic(topics.deadLetters(), "note what was done with letters", WRITE),
                    Grant.topic(topics.events(), "replay, copy and release", WRITE),
                    Grant.topic(topics.preferences(), "set what recipients choose", WRITE),
                    Grant.topic(topics.audit(), "note who did what", WRITE),
                    Grant.group(topics.workerGroup(), "show how much waits", DESCRIBE));
        }
    },
    ADMIN("makes and checks the topics: `topics apply`, `plan`, `verify`") {
        @Override
        public List<Grant> grants(Topics topics) {
            return List.of(
                    Grant.topics(
                            topics.prefix(),
                            "create, compare and change topics",
                            CREATE,
                            DESCRIBE,
                            ALTER_CONFIGS));
        }
    };

    private final String purpose;

    Role(String purpose) {
        this.purpose = purpose;
    }

    /// What it is for.
    public String purpose() {
        return purpose;
    }

    /// The least that it needs, with topics of this prefix.
    public abstract List<Grant> grants(Topics topics);
}
