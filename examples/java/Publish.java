import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Outmail;
import java.util.Map;

/// Publishes one mail with Outmail's library.
///
/// java -cp 'lib/*' examples/java/Publish.java [KAFKA [PREFIX]]
public class Publish {
    public static void main(String[] args) {
        var config =
                Map.of(
                        "kafka.bootstrap.servers", args.length > 0 ? args[0] : "localhost:9092",
                        "topics.prefix", args.length > 1 ? args[1] : "outmail.");
        var event =
                MailEvent.builder()
                        .source("/examples/java")
                        .id("task-42-assigned-7") // the same when it is published again
                        .to("Ada Lovelace <ada@example.org>")
                        .subject("You have a new task")
                        .text("Hello Ada, task 42 is yours.")
                        .build();
        try (Outmail mail = Outmail.connect(config)) {
            // send() would deliver it in this call where the settings say so
            System.out.println("published " + mail.publish(event).join());
        }
    }
}
