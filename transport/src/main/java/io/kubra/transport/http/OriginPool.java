package io.kubra.transport.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server. While the first connection is being made it is not known whether
 * one will do for all requests (HTTP/2), so others wait for it; the same when an HTTP/2 connection
 * is full and another is on its way.
 */
final class OriginPool {
  private static final int MAX_IDLE = 64;

  private final Origin origin;
  private final ClientConnector connector;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Http1Client> idle = new ArrayDeque<>();
  private final List<Http2Client> shared = new ArrayList<>(1);
  private boolean speaksHttp1;
  private boolean connecting;
  private boolean closed;

  OriginPool(Origin origin, ClientConnector connector) {
    this.origin = origin;
    this.connector = connector;
  }

  /** A connection with a place reserved; {@code fresh} asks for one that was not used before. */
  ClientConnection acquire(boolean fresh) {
    boolean announce;
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new ConnectionFailedException("the client is closed");
        }
        ClientConnection existing = existing(fresh);
        if (existing != null) {
          return existing;
        }
        if (speaksHttp1) {
          announce = false;
          break;
        }
        if (!connecting) {
          connecting = true;
          announce = true;
          break;
        }
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionFailedException("interrupted while waiting for a connection", e);
    } finally {
      lock.unlock();
    }
    return connect(announce);
  }

  private @Nullable ClientConnection existing(boolean fresh) {
    shared.removeIf(Http2Client::finished);
    for (Http2Client connection : shared) {
      if (connection.reserve()) {
        return connection;
      }
    }
    while (!fresh && !idle.isEmpty()) {
      Http1Client connection = idle.removeLast();
      if (connection.reserve()) {
        return connection;
      }
    }
    return null;
  }

  private ClientConnection connect(boolean announce) {
    ClientConnection made = null;
    try {
      made = connector.connect(origin, true, this::free, this::roomAgain);
      return made;
    } finally {
      lock.lock();
      try {
        if (announce) {
          connecting = false;
        }
        switch (made) {
          case Http2Client http2 -> {
            http2.reserve();
            shared.add(http2);
          }
          case Http1Client http1 -> speaksHttp1 = true;
          case null -> {}
        }
        if (closed && made != null) {
          made.close();
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void free(Http1Client connection) {
    boolean surplus;
    lock.lock();
    try {
      surplus = closed || idle.size() >= MAX_IDLE;
      if (!surplus) {
        idle.addLast(connection);
      }
    } finally {
      lock.unlock();
    }
    if (surplus) {
      connection.close();
    }
  }

  private void roomAgain() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    List<ClientConnection> all;
    lock.lock();
    try {
      closed = true;
      all = new ArrayList<>(shared);
      all.addAll(idle);
      shared.clear();
      idle.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    all.forEach(ClientConnection::close);
  }
}
