package dev.outmail.worker;

import dev.outmail.config.Deployment;
import dev.outmail.delivery.RetryPolicy;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/// A worker that is started anew, in the same process, when the machine's clock was set back. All
/// else that ends a worker ends this, too.
public final class LastingWorker implements AutoCloseable {
    private final Deployment deployment;
    private final RetryPolicy policy;
    private Worker worker;
    private boolean closed;

    private LastingWorker(Deployment deployment, RetryPolicy policy) throws IOException {
        this.deployment = deployment;
        this.policy = policy;
        this.worker = Worker.start(deployment, policy);
    }

    /// Starts the first.
    ///
    /// @throws IOException when the port of the endpoints can't be had
    public static LastingWorker start(Deployment deployment, RetryPolicy policy)
            throws IOException {
        return new LastingWorker(deployment, policy);
    }

    /// The worker of the moment.
    public synchronized Worker worker() {
        return worker;
    }

    /// Waits until the worker ended for good, which it does when closed.
    ///
    /// @throws ExecutionException when it failed
    public void awaitEnd() throws InterruptedException, ExecutionException {
        boolean goesOn = true;
        while (goesOn) {
            try {
                worker().awaitEnd();
                goesOn = false;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof ClockSetBack)) {
                    throw e;
                }
                goesOn = startAnew();
            }
        }
    }

    private synchronized boolean startAnew() throws ExecutionException {
        if (closed) {
            return false;
        }
        worker.close();
        try {
            worker = Worker.start(deployment, policy);
        } catch (IOException e) {
            throw new ExecutionException(e);
        }
        return true;
    }

    /// Drains the worker of the moment.
    @Override
    public synchronized void close() {
        closed = true;
        worker.close();
    }
}
