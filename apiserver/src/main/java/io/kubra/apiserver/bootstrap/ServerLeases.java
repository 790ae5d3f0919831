package io.kubra.apiserver.bootstrap;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ObjectAccess;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Which API servers of a cluster are alive, told by a Lease that each renews, as upstream's servers
 * have them. Whether another one lives is decided by this server's own clock: from when it last saw
 * the other's lease change.
 */
final class ServerLeases {
  private static final GroupResource LEASES = new GroupResource("coordination.k8s.io", "leases");
  private static final String NAMESPACE = "kube-system";
  private static final String IDENTITY = "apiserver.kubernetes.io/identity";
  private static final String KIND = "kube-apiserver";
  private static final String ADDRESS = "kubra.io/advertise-address";
  private static final long LEASE_SECONDS = 3600;
  private static final Duration SILENCE = Duration.ofSeconds(25);
  private static final Duration OLD = Duration.ofMinutes(1);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String address;
  private final int port;
  private final String name;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Map<String, Seen> seen = new HashMap<>();

  /** When a lease was first seen with its present time of renewal. */
  private record Seen(String renewed, long at) {}

  ServerLeases(String address, int port, InstantSource clock, LongSupplier nanos) {
    this.address = address;
    this.port = port;
    this.name = "apiserver-" + digest(endpoint());
    this.clock = clock;
    this.nanos = nanos;
  }

  private String endpoint() {
    return address + " " + port;
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 13);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Renews this server's lease. */
  void renew(ObjectAccess objects) {
    String now = MICROS.format(clock.instant());
    Map<String, Object> lease = objects.get(LEASES, NAMESPACE, name);
    if (lease != null) {
      Trees.set(lease, now, "spec", "renewTime");
      objects.update(LEASES, lease);
      return;
    }
    lease = Seeds.named(NAMESPACE, name);
    Trees.set(lease, new LinkedHashMap<>(Map.of(IDENTITY, KIND)), "metadata", "labels");
    Trees.set(lease, new LinkedHashMap<>(Map.of(ADDRESS, endpoint())), "metadata", "annotations");
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("holderIdentity", name);
    spec.put("leaseDurationSeconds", LEASE_SECONDS);
    spec.put("renewTime", now);
    lease.put("spec", spec);
    objects.create(LEASES, lease);
  }

  /** Gives this server's lease up. */
  void release(ObjectAccess objects) {
    objects.delete(LEASES, NAMESPACE, name);
  }

  /** The addresses, in order, of the servers on this one's port that are alive, this one's too. */
  List<String> alive(ObjectAccess objects) {
    SortedSet<String> addresses = new TreeSet<>(List.of(address));
    addresses.addAll(others(objects));
    return List.copyOf(addresses);
  }

  /** The addresses of the other servers on this one's port that are alive. */
  SortedSet<String> others(ObjectAccess objects) {
    SortedSet<String> addresses = new TreeSet<>();
    for (Map<String, Object> lease : objects.list(LEASES, NAMESPACE)) {
      String other = Trees.stringOr(lease, "", "metadata", "name");
      String[] endpoint = Trees.stringOr(lease, "", "metadata", "annotations", ADDRESS).split(" ");
      boolean server = KIND.equals(Trees.string(lease, "metadata", "labels", IDENTITY));
      if (server
          && !other.equals(name)
          && endpoint.length == 2
          && endpoint[1].equals(Integer.toString(port))
          && lives(other, Trees.stringOr(lease, "", "spec", "renewTime"))) {
        addresses.add(endpoint[0]);
      }
    }
    return addresses;
  }

  private boolean lives(String lease, String renewed) {
    Seen before = seen.get(lease);
    long now = nanos.getAsLong();
    if (before == null || !before.renewed.equals(renewed)) {
      seen.put(lease, new Seen(renewed, now));
      // One that is found for the first time may be of a server that has long gone.
      return before != null || !old(renewed);
    }
    return now - before.at < SILENCE.toNanos() && !old(renewed);
  }

  private boolean old(String renewed) {
    try {
      return Instant.parse(renewed).isBefore(clock.instant().minus(OLD));
    } catch (DateTimeParseException e) {
      return true;
    }
  }
}
