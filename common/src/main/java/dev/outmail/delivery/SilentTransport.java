package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;

/// Takes every message and sends none.
public final class SilentTransport implements Transport {
    public static final String SERVER = "silent";

    @Override
    public TransportResult deliver(Outbound message) {
        VerdictSheet sheet = new VerdictSheet(message.envelope());
        sheet.judgeRest(Verdict.ACCEPTED, Reason.SILENT, "not sent: this profile is silent");
        return sheet.result(SERVER);
    }

    @Override
    public void close() {
        // holds nothing
    }
}
