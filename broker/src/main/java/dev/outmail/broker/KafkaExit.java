package dev.outmail.broker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;

/// The door by which Kafka's server code ends the JVM when it can't go on, led elsewhere while an
/// embedded broker runs: the asking thread ends, the brokers of this JVM hear why, and the program
/// around them decides what to do.
///
/// The door is one per JVM (a static of Kafka's), and so is this. Kafka's clients don't use it.
final class KafkaExit {
    /// Changed together with the door, under the class's lock; read by the threads that Kafka ends.
    private static final Set<Consumer<Throwable>> BROKERS = ConcurrentHashMap.newKeySet();

    private KafkaExit() {}

    static synchronized void leadTo(Consumer<Throwable> broker) {
        BROKERS.add(broker);
        Exit.setExitProcedure(KafkaExit::refuse);
        Exit.setHaltProcedure(KafkaExit::refuse);
    }

    static synchronized void leave(Consumer<Throwable> broker) {
        if (BROKERS.remove(broker) && BROKERS.isEmpty()) {
            Exit.resetExitProcedure();
            Exit.resetHaltProcedure();
        }
    }

    private static void refuse(int status, String message) {
        BrokerHalted halted = new BrokerHalted(status, message);
        BROKERS.forEach(broker -> broker.accept(halted));
        throw halted;
    }

    /// Ends the thread that would have ended the JVM.
    static final class BrokerHalted extends Error {
        private static final long serialVersionUID = 1L;

        BrokerHalted(int status, String message) {
            super(
                    "Kafka gave up and asked to end this JVM with status %d (%s); its log says why"
                            .formatted(status, message));
        }
    }
}
