package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.WhatIf;
import dev.outmail.mail.EventLimits;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Locks;
import dev.outmail.testkit.Await;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What `settings what-if` says of the settings as they are is what was done. No fault, but it
/// needs the rig and the size.
class WhatIfIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final int MAILS = FaultSuite.sized(400, 100_000);
    private static final Map<String, String> LOCKS = Map.of("off/connection.mode", "disabled");
    private static final List<String> PROFILES = List.of("default", "quiet", "off", "unknown");

    @Test
    void whatItSaysOfTheSettingsOfTheMomentIsWhatTheLogSays() {
        try (var rig =
                SUITE.rig("What-if on " + MAILS)
                        .with("lock.off.connection.mode", "disabled")
                        .set()) {
            rig.save("quiet", settings -> settings.withConnection(new Connection.Silent()));
            // so it is saved; the worker locks it
            rig.save("off", settings -> settings.withConnection(new Connection.Silent()));
            rig.startWorkers(1);
            var publishing =
                    rig.publishInBackground(
                            MAILS,
                            5_000,
                            (mail, n) ->
                                    mail.to("u" + n + "@example.org")
                                            .profile(PROFILES.get(n % PROFILES.size())));
            Rig.join(publishing, PATIENCE);
            Await.until(
                    PATIENCE,
                    () ->
                            rig.publisher().accepted().keySet().stream()
                                    .noneMatch(id -> rig.log().of(id).isEmpty()),
                    "the log knows of each event");

            var command = rig.command("settings", "what-if", "--connection=disabled", "--json");
            var wrong = differences(rig);

            int each = MAILS / PROFILES.size();
            assertThat(command.exitCode()).isZero();
            assertThat(command.output())
                    .contains("Locked at all workers, which counts: off/connection.mode = disabled")
                    .contains("\"events\":" + MAILS + ",\"malformed\":0")
                    .contains(
                            "\"current\":[{\"outcome\":\"sent\",\"by\":\"127.0.0.1:%d\",\"events\":%d}"
                                    .formatted(rig.server().port(), each))
                    .contains("{\"outcome\":\"silenced\",\"events\":" + each + "}")
                    .contains(
                            "\"proposed\":[{\"outcome\":\"silenced\",\"events\":%d},{\"outcome\":\"dropped\",\"by\":\"disabled\",\"events\":%d}"
                                    .formatted(each, 2 * each));
            assertThat(wrong).as("decided otherwise than the log says").isEmpty();
            assertThat(rig.ledger().size()).isEqualTo(each);
            rig.save("unknown", settings -> settings.withConnection(new Connection.Silent()));
            rig.awaitDrained(PATIENCE);
            rig.findings().assertSound();
        }
    }

    /// Events whose decision is not what the log has.
    private static List<String> differences(Rig rig) {
        var settings = Locks.told(LOCKS).applyTo(rig.settings());
        var whatIf = new WhatIf(settings, settings);
        var codec = new EventCodec(EventLimits.DEFAULT);
        var wrong = new ArrayList<String>();
        for (var record : rig.records().all(rig.topics().events())) {
            if (record.headers().iterator().hasNext()
                    || !(codec.decode(record.value(), record.headers()) instanceof Decoded.Ok ok)) {
                continue; // what was put off comes back with headers
            }
            var fate = whatIf.add(ok.event(), Instant.ofEpochMilli(record.timestamp()));
            var id = ok.event().id().id();
            var logged = rig.log().of(id).getFirst().outcome();
            if (logged != outcome(fate.kind())) {
                wrong.add(id + ": " + fate + ", but " + logged);
            }
        }
        assertThat(whatIf.byCurrent().values().stream().mapToLong(n -> n).sum()).isEqualTo(MAILS);
        return wrong;
    }

    private static OutcomeName outcome(WhatIf.Kind kind) {
        return switch (kind) {
            case SENT -> OutcomeName.SENT;
            case SILENCED -> OutcomeName.SILENCED;
            case DROPPED -> OutcomeName.DROPPED;
            case HELD -> OutcomeName.HELD;
            case EXPIRED -> OutcomeName.EXPIRED;
        };
    }
}
