package io.kubra.store.etcd;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubra.store.StoreException;
import io.kubra.store.StoreFullException;
import java.net.ConnectException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What etcd's errors mean to users of a store. */
final class EtcdErrors {
  private static final Pattern REFUSED = Pattern.compile("Exception: ([^\n]+)");

  private EtcdErrors() {}

  /** Whether a revision asked for is compacted. */
  static boolean compacted(StatusRuntimeException e) {
    return says(e, "has been compacted");
  }

  /** Whether a revision asked for is not reached. */
  static boolean future(StatusRuntimeException e) {
    return says(e, "future revision");
  }

  /** Whether a request never left, because there was no connection. */
  static boolean notSent(StatusRuntimeException e) {
    return e.getStatus().getCode() == Status.Code.UNAVAILABLE
        && e.getStatus().getCause() instanceof ConnectException;
  }

  /** The store's exception for any other error. */
  static StoreException of(StatusRuntimeException e) {
    // With the NOSPACE alarm etcd refuses all writes until space was made and the alarm disarmed.
    if (says(e, "database space exceeded")) {
      return new StoreFullException(
          "etcd has no space: compact and defragment it, then disarm its NOSPACE alarm", e);
    }
    Status status = e.getStatus();
    String words =
        status.getDescription() == null ? status.getCode().name() : status.getDescription();
    return switch (status.getCode()) {
      // gRPC tells its whole inner state; what failed to connect is the part that helps.
      case UNAVAILABLE, DEADLINE_EXCEEDED -> unreachable(words, e);
      // A connection that breaks under a call has no code of its own.
      case UNKNOWN -> new StoreException("etcd does not answer: " + words, e);
      default -> new StoreException("etcd: " + words, e);
    };
  }

  private static StoreException unreachable(String words, StatusRuntimeException e) {
    Throwable cause = e.getStatus().getCause();
    Matcher refused = REFUSED.matcher(words);
    String why =
        refused.find()
            ? refused.group(1)
            : cause == null ? e.getStatus().getCode().name() : String.valueOf(cause.getMessage());
    return new StoreException("etcd does not answer: " + why, e);
  }

  private static boolean says(StatusRuntimeException e, String words) {
    String description = e.getStatus().getDescription();
    return description != null && description.contains(words);
  }
}
