package dev.outmail.cli.demo;

import dev.outmail.wire.OutcomeName;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/// What the demo found.
///
/// @param logged how many events the mailing log calls sent, exactly once
public record DemoReport(int published, Tally tally, int logged, List<Few> others) {
    public DemoReport {
        others = List.copyOf(others);
    }

    /// A few events under another connection than SMTP.
    ///
    /// @param asExpected how many the mailing log gives the expected outcome, exactly once
    /// @param atServer copies that the mail server got, where none should come
    /// @param mailerCalls calls of the sendmail command
    /// @param mailerExpected how many calls there should be
    /// @param mailerRight of those, how many had the right message and recipients
    public record Few(
            String connection,
            int published,
            OutcomeName expected,
            int asExpected,
            int atServer,
            int mailerCalls,
            int mailerExpected,
            int mailerRight) {
        boolean right() {
            return asExpected == published
                    && atServer == 0
                    && mailerCalls == mailerExpected
                    && mailerRight == mailerExpected;
        }
    }

    public boolean right() {
        return tally.right() && logged == published && others.stream().allMatch(Few::right);
    }

    public void print(PrintWriter out) {
        out.println();
        out.println("SMTP server");
        row(out, "published", published + " events for " + tally.copies() + " recipients");
        row(out, "sent", logged + " events logged, " + tally.arrived() + " copies arrived");
        row(out, "lost", Integer.toString(tally.lost()));
        row(out, "doubled", Integer.toString(tally.doubled()));
        row(out, "unknown", Integer.toString(tally.unknown()));
        row(
                out,
                "publish to delivery",
                "p50 " + millis(tally.median()) + ", p99 " + millis(tally.percentile99()));
        row(out, "mails per second", Long.toString(perSecond()));
        out.println();
        out.printf(
                "%-10s %9s  %-9s %10s %11s %13s%n",
                "Connection", "published", "outcome", "as logged", "at a server", "sendmail ran");
        for (var few : others) {
            out.printf(
                    "%-10s %9d  %-9s %10d %11d %13d%n",
                    few.connection(),
                    few.published(),
                    few.expected().wireName(),
                    few.asExpected(),
                    few.atServer(),
                    few.mailerCalls());
        }
        out.println();
        out.println(right() ? "Every figure is right." : "NOT every figure is right.");
        out.flush();
    }

    private long perSecond() {
        return tally.wall().isZero()
                ? 0
                : published * 1_000L / Math.max(1, tally.wall().toMillis());
    }

    private static void row(PrintWriter out, String name, String value) {
        out.printf("  %-20s %s%n", name, value);
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
