package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.Grant;
import dev.outmail.kafka.Role;
import dev.outmail.kafka.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AclsCommandTest {
    @Test
    void theOperationsManualHasTheList() throws IOException {
        var ran = Ran.outmail("topics", "acls");

        assertThat(ran.exitCode()).isZero();
        assertThat(Files.readString(Path.of("..", "docs", "operations.md"))).contains(ran.out());
    }

    @ParameterizedTest
    @EnumSource
    void eachOperationIsInOneOfTheCommandsForAPrincipal(Role role) {
        var ran =
                Ran.outmail("topics", "acls", "--role", role.name(), "--principal", "User:it's me");

        assertThat(ran.exitCode()).isZero();
        for (var grant : role.grants(new Topics(Topics.DEFAULT_PREFIX))) {
            assertThat(ran.out().lines())
                    .filteredOn(line -> line.contains(argument(grant)))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line)
                                .startsWith("kafka-acls.sh --bootstrap-server 'localhost:9092'")
                                .contains("--allow-principal 'User:it'\\''s me'");
                        assertThat(grant.operations())
                                .allMatch(operation -> line.contains("--operation " + operation));
                    });
        }
    }

    private static String argument(Grant grant) {
        return " --" + grant.type() + " '" + grant.resource().name() + "' ";
    }

    @Test
    void asJsonItIsAnObjectAGrant() {
        var ran = Ran.outmail("topics", "acls", "--json", "--role", "producer");

        assertThat(ran.out())
                .isEqualTo(
                        """
                        {"role":"producer","resource":"topic","pattern":"literal","name":"outmail.events","operations":["WRITE"],"why":"publish"}
                        """);
    }
}
