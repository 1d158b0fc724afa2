package dev.outmail.bench;

import dev.outmail.bench.peer.PeerKind;
import dev.outmail.bench.peer.Target;
import dev.outmail.testkit.net.FaultProxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One run of a [Load]: its servers, its contenders, and what they did. All contenders are there
/// from the beginning to the end, and take turns.
final class LoadRun {
    private static final int FEWEST_WARM_UPS = 4;
    private static final int MOST_WARM_UPS = 16;
    private static final int FIRST_WARM_UP = 300;
    private static final int FEWEST_PER_CONNECTION = 10;
    private static final int QUICK_PER_CONNECTION = 3;

    private final Load load;
    private final Options options;
    private final Progress progress;
    private final Sink sink;
    private final List<Contender> contenders = new ArrayList<>();
    private final Map<Contender, Run> lastRuns = new HashMap<>();
    private final List<Map<String, Run>> rounds = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /// Starts servers and contenders.
    ///
    /// @param closer stops them in the end
    LoadRun(Load load, Options options, Progress progress, Closer closer)
            throws IOException, InterruptedException {
        this.load = load;
        this.options = options;
        this.progress = progress;
        var folder = closer.add(Folder.create()).path();
        this.sink = closer.add(Sink.start(folder));
        int port = sink.port();
        if (!load.latency().isZero()) {
            port = closer.add(FaultProxy.start(Sink.HOST, port, load.latency())).port();
        }
        var kafka = load.needsKafka() ? closer.add(BrokerProcess.start(folder)).servers() : "";
        var target = new Target(Sink.HOST, port, load.connections(), kafka);
        if (options.takesPart(SmtpSource.LABEL)) {
            contenders.add(new SmtpSource(target, load.size(), folder));
        }
        var peers = new ArrayList<PeerProcess>();
        for (var kind : kinds()) {
            peers.add(closer.add(PeerProcess.start(kind, load.size(), target)));
        }
        peers.forEach(this::awaitReady);
    }

    private void awaitReady(PeerProcess peer) {
        try {
            peer.awaitReady();
            contenders.add(peer);
        } catch (IOException e) {
            fail(e.getMessage());
        }
    }

    private List<PeerKind> kinds() {
        return Stream.concat(Stream.of(load.ours()), load.others().stream())
                .filter(kind -> options.takesPart(kind.label()))
                .toList();
    }

    /// Lets each contender become as fast as it will: a compiler at work takes time from the client
    /// itself, and from broker and server on the same cores.
    void warmUp() throws InterruptedException {
        if (options.quick()) {
            return;
        }
        for (var contender : List.copyOf(contenders)) {
            // far away it is not the processor that counts
            boolean warm = !load.latency().isZero();
            for (int i = 0; i < FEWEST_WARM_UPS || (!warm && i < MOST_WARM_UPS); i++) {
                // one that broke takes no further part
                warm = run(contender, "warm-up").map(Run::isWarm).orElse(true) || warm;
            }
        }
    }

    /// How many messages fill a run, as far as that is known.
    private int messages(Contender contender) {
        if (options.quick()) {
            return QUICK_PER_CONNECTION * load.connections();
        }
        var last = lastRuns.get(contender);
        if (last == null) {
            return load.latency().isZero() ? FIRST_WARM_UP : fewest();
        }
        double seconds = options.runTime().toMillis() / 1e3;
        return Math.max(fewest(), (int) (last.messagesPerSecond() * seconds));
    }

    private int fewest() {
        return FEWEST_PER_CONNECTION * load.connections();
    }

    /// A run of each contender, in an order that changes from round to round.
    void round(int number) throws InterruptedException {
        var order = new ArrayList<>(contenders);
        Collections.rotate(order, -number);
        var round = new HashMap<String, Run>();
        for (var contender : order) {
            run(contender, "round " + number).ifPresent(run -> round.put(contender.label(), run));
        }
        rounds.add(round);
    }

    /// Runs a contender; one that breaks takes no further part.
    private Optional<Run> run(Contender contender, String when) throws InterruptedException {
        if (!contenders.contains(contender)) {
            return Optional.empty();
        }
        int messages = messages(contender);
        try {
            long before = sink.received();
            var run = contender.run(messages);
            long arrived = sink.settled(before + messages) - before;
            if (arrived != messages) {
                fail(
                        "%s: %,d of %,d mails arrived"
                                .formatted(contender.label(), arrived, messages));
            }
            lastRuns.put(contender, run);
            progress.say("%s: %s %s".formatted(when, contender.label(), run));
            return Optional.of(run);
        } catch (IOException e) {
            fail(e.getMessage());
            contenders.remove(contender);
            return Optional.empty();
        }
    }

    private void fail(@Nullable String what) {
        failures.add(String.valueOf(what));
        progress.say(String.valueOf(what));
    }

    Report report() {
        return new Report(LoadTable.of(rounds, labels(), load.ours().label()), failures);
    }

    private List<String> labels() {
        return Stream.concat(Stream.of(SmtpSource.LABEL), kinds().stream().map(PeerKind::label))
                .toList();
    }
}
