package dev.outmail.spring;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/// What Spring for Apache Kafka connects by: `spring.kafka`, or a service connection such as a
/// Testcontainers one.
final class ConnectionOfSpringKafka implements SpringKafka {
    private final KafkaConnectionDetails details;
    private final KafkaProperties properties;

    ConnectionOfSpringKafka(KafkaConnectionDetails details, KafkaProperties properties) {
        this.details = details;
        this.properties = properties;
    }

    @Override
    public Map<String, String> keys() {
        var keys = new TreeMap<String, String>();
        properties
                .buildAdminProperties()
                .forEach((key, value) -> {
                    if (value != null && securesTheWay(key)) {
                        keys.put(key, value.toString());
                    }
                });
        var connection = details.getAdmin();
        keys.put("bootstrap.servers", String.join(",", connection.getBootstrapServers()));
        if (connection.getSecurityProtocol() != null) {
            keys.put("security.protocol", connection.getSecurityProtocol());
        }
        return keys;
    }

    private static boolean securesTheWay(String key) {
        return key.startsWith("security.") || key.startsWith("ssl.") || key.startsWith("sasl.");
    }
}
