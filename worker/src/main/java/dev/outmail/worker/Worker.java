package dev.outmail.worker;

import dev.outmail.config.Deployment;
import dev.outmail.delivery.Breakers;
import dev.outmail.delivery.DeliveryEngine;
import dev.outmail.delivery.LogEntries;
import dev.outmail.delivery.RetryPolicy;
import dev.outmail.delivery.Transports;
import dev.outmail.delivery.smtp.SmtpClient;
import dev.outmail.delivery.smtp.SmtpTimeouts;
import dev.outmail.endpoints.Endpoints;
import dev.outmail.kafka.AccessCheck;
import dev.outmail.kafka.Topics;
import dev.outmail.settings.Secrets;
import dev.outmail.settings.SettingsTail;
import dev.outmail.wire.EventCodec;
import dev.outmail.worker.delay.BrokerTime;
import dev.outmail.worker.delay.DelayLine;
import dev.outmail.worker.delay.Delays;
import dev.outmail.worker.fleet.FleetChannel;
import dev.outmail.worker.ledger.Ledgers;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker: takes events from Kafka and delivers them by the settings of the moment.
public final class Worker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final int BUFFER_BYTES = 32 << 20;

    /// Some hundred mails. What is fetched is held until the last of it was taken up, so that much
    /// more would only fill the old generation.
    private static final int FETCH_BYTES = 2 << 20;

    private final String id;
    private final Topics topics;
    private final SettingsTail settings;
    private final Transports transports;
    private final Producer<byte[], byte[]> producer;
    private final Producer<byte[], byte[]> delayProducer;
    private final Ledgers ledgers;
    private final Intake intake;
    private final Admin admin;
    private final Endpoints endpoints;
    private final PlatformMeters platformMeters;
    private final ScheduledExecutorService deadlines;
    private final Thread settingsThread;
    private final FleetChannel fleet;
    private final Thread fleetThread;
    private final Presence presence;
    private final Thread presenceThread;
    private final DelayLine delayLine;
    private final Thread delayThread;
    private final Thread intakeThread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private int eventPartitions = 1;

    /// Starts a worker, which takes up work by itself as soon as Kafka gives it partitions.
    ///
    /// @throws IOException when the port of the endpoints can't be had
    public static Worker start(Deployment deployment) throws IOException {
        return start(
                deployment, RetryPolicy.DEFAULT.withInDoubt(deployment.smtp().finalDotTimeout()));
    }

    /// The same with another retry policy. Traces go where the operator says, to the SDK that the
    /// Java agent or OpenTelemetry's autoconfiguration sets up, or nowhere.
    public static Worker start(Deployment deployment, RetryPolicy policy) throws IOException {
        return start(deployment, policy, GlobalOpenTelemetry.get());
    }

    static Worker start(Deployment deployment, RetryPolicy policy, OpenTelemetry telemetry)
            throws IOException {
        // First, as it is what most often can't be had.
        var endpoints = Endpoints.listenOn(deployment.http());
        Worker worker;
        try {
            worker = new Worker(deployment, policy, endpoints, telemetry);
        } catch (RuntimeException e) {
            endpoints.close();
            throw e;
        }
        worker.platformMeters.start();
        worker.presenceThread.start();
        worker.settingsThread.start();
        worker.fleetThread.start();
        worker.delayThread.start();
        worker.intakeThread.start();
        log.atInfo()
                .addKeyValue("worker", worker.id)
                .addKeyValue("kafka", deployment.clients("worker").bootstrapServers())
                .addKeyValue("port", worker.endpoints.port())
                .addKeyValue("locks", deployment.locks().all().keySet())
                .log("Worker started");
        return worker;
    }

    private Worker(
            Deployment deployment,
            RetryPolicy policy,
            Endpoints endpoints,
            OpenTelemetry telemetry) {
        var options = deployment.worker();
        topics = deployment.topics();
        var clients = deployment.clients("worker");
        var clock = new BrokerTime(InstantSource.system(), System::nanoTime);
        var waitingRoom =
                new WaitingRoom(
                        policy,
                        options.maxInFlight() / 2,
                        this::waitingAtServers,
                        System::nanoTime);
        var membership = new Membership(options.sessionTimeout(), System::nanoTime);
        this.endpoints = endpoints;
        id = options.id();
        deadlines =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("outmail-deadlines").daemon().factory());
        settings = new SettingsTail(clients, topics, deployment.locks());
        var meters = new WorkerMeters(id, settings);
        var secrets = new Secrets(System.getenv(), deployment.keys(), topics.settings());
        var passwords = new SealedPasswords(secrets);
        var client =
                SmtpClient.of(
                        deployment.smtp().localhost(),
                        secrets,
                        SmtpTimeouts.DEFAULT.withFinalDot(deployment.smtp().finalDotTimeout()),
                        deadlines);
        fleet = new FleetChannel(clients, topics, clock, System::nanoTime);
        var breakers = new Breakers(id, policy, fleet, System::nanoTime);
        breakers.onChange(waitingRoom::changed);
        transports = Transports.of(deployment.sendmail(), client, breakers, options.maxInFlight());
        // A dead letter is an event of the largest size with more headers.
        int maxRecord =
                Topics.maxRecordBytes(Topics.maxRecordBytes(deployment.limits().maxBytes()));
        producer = clients.producer("outcomes", producerConfig(maxRecord));
        var entries = new LogEntries(id);
        delayProducer = clients.producer("delays", producerConfig(maxRecord));
        var outcomes =
                new OutcomeWriter(
                        producer,
                        delayProducer,
                        deployment.logRecords(),
                        new DeadLetterRecords(topics.deadLetters(), maxRecord),
                        entries,
                        waitingRoom,
                        meters,
                        new Traces(telemetry),
                        clock);
        ledgers =
                Ledgers.start(
                        clients, producer, topics, deployment.ledger(), clock, System::nanoTime);
        var delays = new Delays(topics, topic -> producer.partitionsFor(topic).size());
        var delayed =
                clients.consumer(
                        "delays", DelayLine.consumerConfig(topics, options.sessionTimeout()));
        delayLine = new DelayLine(delayed, delayProducer, topics, delays, clock, System::nanoTime);
        var ledgerOptions = deployment.ledger();
        var offsetHold =
                OffsetHold.within(ledgerOptions.window(), ledgerOptions.maxIds(), System::nanoTime);
        var puttingOff =
                new PuttingOff(
                        policy, outcomes, delays, waitingRoom, offsetHold, clock, System::nanoTime);
        transports.askWhetherOthersWait(puttingOff::othersWait);
        var attempts =
                new Attempts(
                        new DeliveryEngine(transports, clock),
                        settings::snapshot,
                        outcomes,
                        puttingOff,
                        waitingRoom,
                        membership,
                        clock);
        var course =
                new Course(
                        new EventCodec(deployment.limits()),
                        attempts,
                        outcomes,
                        waitingRoom,
                        offsetHold,
                        clock);
        var lanes = new Lanes(clock);
        var deliverer = new Deliverer(course, ledgers, waitingRoom, lanes, meters, this::held);
        var events = clients.consumer("events", consumerConfig(topics, options.sessionTimeout()));
        intake =
                new Intake(
                        events,
                        topics.events(),
                        deliverer,
                        new Budget(options.maxInFlight(), options.maxInFlightBytes()),
                        options.drainTimeout(),
                        membership,
                        System::nanoTime);
        admin = clients.admin();
        var access = new Access(new AccessCheck(admin, topics));
        var _ =
                deadlines.scheduleWithFixedDelay(
                        access, 0, Access.INTERVAL.toSeconds(), TimeUnit.SECONDS);
        var retention = new RetentionWatch(admin, topics.events(), lanes::oldestAge);
        var _ =
                deadlines.scheduleWithFixedDelay(
                        retention, 0, RetentionWatch.INTERVAL.toSeconds(), TimeUnit.SECONDS);
        var clockWatch =
                new ClockWatch(
                        InstantSource.system(),
                        System::nanoTime,
                        options.sessionTimeout().dividedBy(2),
                        this::clockSetBack);
        var _ =
                deadlines.scheduleWithFixedDelay(
                        clockWatch, 1, ClockWatch.INTERVAL.toSeconds(), TimeUnit.SECONDS);
        meters.watch(intake, lanes, ledgers);
        meters.watch(delayLine);
        meters.watch(transports);
        platformMeters =
                new PlatformMeters(
                        meters.registry(),
                        List.of(events, delayed),
                        List.of(producer, delayProducer));
        settings.onChange(passwords::settingsChanged);
        settings.onChange(transports::settingsChanged);
        settings.onChange(snapshot -> waitingRoom.changed());
        var kafka = new KafkaWatch(admin, System::nanoTime);
        var _ =
                deadlines.scheduleWithFixedDelay(
                        kafka, 0, KafkaWatch.INTERVAL.toSeconds(), TimeUnit.SECONDS);
        var health =
                new HealthChecks(
                        ended::isDone,
                        intake,
                        kafka,
                        access,
                        settings,
                        passwords,
                        transports::states);
        endpoints.start(meters::scrape, health::live, health::ready);
        presence =
                new Presence(
                        deployment,
                        intake,
                        transports,
                        settings,
                        breakers,
                        InstantSource.system().instant());
        presenceThread = needed("outmail-presence", presence::report);
        settingsThread = needed("outmail-settings", presence::followSettings);
        fleetThread = needed("outmail-breakers", fleet);
        delayThread = needed("outmail-delays", delayLine);
        intakeThread = Thread.ofPlatform().name("outmail-intake").unstarted(this::runIntake);
    }

    /// Log and ledger share a producer, and so its requests: one at a time, with all that came up
    /// meanwhile, so that nothing lingers where little is to be written. What a worker that is
    /// killed leaves in doubt is what was sent in the time that these two take.
    private static Map<String, String> producerConfig(int maxRecordBytes) {
        return Map.of(
                "max.request.size",
                Integer.toString(maxRecordBytes),
                "buffer.memory",
                Long.toString(Math.max(BUFFER_BYTES, 2L * maxRecordBytes)),
                "linger.ms",
                "0",
                "max.in.flight.requests.per.connection",
                "1",
                "batch.size",
                "65536");
    }

    private static Map<String, String> consumerConfig(Topics topics, Duration sessionTimeout) {
        return Map.of(
                "session.timeout.ms",
                Long.toString(sessionTimeout.toMillis()),
                "group.id",
                topics.workerGroup(),
                "group.protocol",
                "classic",
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName(),
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                "500",
                "fetch.max.bytes",
                Integer.toString(FETCH_BYTES),
                "max.partition.fetch.bytes",
                Integer.toString(FETCH_BYTES / 8));
    }

    private int waitingAtServers() {
        return transports.waiting();
    }

    /// Where Kafka can't say how many there are, or does not know of new ones yet, there are no
    /// fewer than are held.
    private void held(int partitions) {
        eventPartitions = Math.max(partitionsOfEvents(), partitions);
        transports.share((double) partitions / eventPartitions);
    }

    /// Called in the midst of a rebalance, which a slow answer must not break.
    private int partitionsOfEvents() {
        try {
            eventPartitions = Math.max(1, producer.partitionsFor(topics.events()).size());
        } catch (KafkaException e) {
            log.atWarn()
                    .addKeyValue("cause", e.toString())
                    .addKeyValue("taken", eventPartitions)
                    .log("Kafka does not say how many partitions the events have");
        }
        return eventPartitions;
    }

    private void clockSetBack(Duration by) {
        var cause = new ClockSetBack(by);
        log.atWarn().addKeyValue("cause", cause.getMessage()).log("The worker starts anew");
        ended.completeExceptionally(cause);
    }

    private void runIntake() {
        try {
            intake.run();
            ended.complete(null);
        } catch (RuntimeException | Error e) {
            log.atError().setCause(e).log("The worker can't go on");
            ended.completeExceptionally(e);
        }
    }

    /// A thread without which the worker would be alive and do its work wrongly, or not at all.
    private Thread needed(String name, Runnable task) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .unstarted(() -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error e) {
                        log.atError()
                                .addKeyValue("thread", name)
                                .setCause(e)
                                .log("The worker can't go on");
                        ended.completeExceptionally(e);
                    }
                });
    }

    /// The port that the endpoints listen on.
    public int port() {
        return endpoints.port();
    }

    /// Waits until this worker applies a revision of a profile's settings, or a later one; false
    /// when that took too long.
    public boolean awaitRevision(String profile, long revision, Duration timeout)
            throws InterruptedException {
        return settings.awaitRevision(profile, revision, timeout);
    }

    /// Waits until the worker ended, which it does when closed.
    ///
    /// @throws ExecutionException when it failed
    public void awaitEnd() throws InterruptedException, ExecutionException {
        ended.get();
    }

    /// Drains: takes no more, lets deliveries under way finish within the drain time-out, commits,
    /// and leaves the group.
    @Override
    public void close() {
        intake.stop();
        delayLine.stop();
        joinUninterruptibly(intakeThread);
        joinUninterruptibly(delayThread);
        presence.close();
        settings.close();
        joinUninterruptibly(settingsThread);
        transports.close();
        fleet.close();
        joinUninterruptibly(fleetThread);
        ledgers.close();
        platformMeters.close();
        delayProducer.close(Duration.ofSeconds(1));
        producer.close(Duration.ofSeconds(1));
        endpoints.close();
        deadlines.shutdownNow();
        admin.close(Duration.ZERO);
        log.atInfo().addKeyValue("worker", id).log("Worker stopped");
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
