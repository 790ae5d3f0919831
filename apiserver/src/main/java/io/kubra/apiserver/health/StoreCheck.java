package io.kubra.apiserver.health;

import io.kubra.apiserver.request.HealthCheck;
import io.kubra.store.Store;
import io.kubra.store.StoreException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whether the store answers within two seconds. Bears upstream's name, whatever the store is. */
public final class StoreCheck implements HealthCheck {
  private static final long LIMIT_SECONDS = 2;

  private final Store store;

  /** A check of this store. */
  public StoreCheck(Store store) {
    this.store = store;
  }

  @Override
  public String name() {
    return "etcd";
  }

  @Override
  public void check() throws Exception {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            answer.complete(store.revision());
          } catch (StoreException e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      var unused = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StoreException("the store does not answer", e);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new StoreException("the store fails: " + cause.getMessage(), cause);
    }
  }
}
