package io.kubra.network.proxy;

import io.kubra.client.informer.EventHandler;
import io.kubra.client.informer.InformerFactory;
import io.kubra.client.informer.SharedInformer;
import io.kubra.model.core.v1.Service;
import io.kubra.model.discovery.v1.EndpointSlice;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node's nftables rules in step with Services and EndpointSlices. Changes that arrive
 * together are loaded together; when loading fails, the whole table is built anew.
 */
public final class ServiceProxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceProxy.class);
  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";
  private static final Duration GATHER = Duration.ofMillis(20);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final ProxyConfig config;
  private final Nft nft;
  private final Datagrams datagrams;
  private final SharedInformer<Service> services;
  private final SharedInformer<EndpointSlice> slices;
  private final Semaphore changed = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /** Starts the proxy; the factory's informers must be started afterwards. */
  public static ServiceProxy start(ProxyConfig config, InformerFactory informers) {
    return new ServiceProxy(config, informers, Nft.program(), Datagrams.program());
  }

  ServiceProxy(ProxyConfig config, InformerFactory informers, Nft nft, Datagrams datagrams) {
    this.config = config;
    this.nft = nft;
    this.datagrams = datagrams;
    this.services = informers.informer(Service.RESOURCE);
    this.slices = informers.informer(EndpointSlice.RESOURCE);
    services.addHandler(new Wake<>());
    slices.addHandler(new Wake<>());
    this.thread = Thread.ofVirtual().name("service-proxy").start(this::run);
  }

  private final class Wake<T> implements EventHandler<T> {
    @Override
    public void onAdd(T object) {
      changed.release();
    }

    @Override
    public void onUpdate(T old, T object) {
      changed.release();
    }

    @Override
    public void onDelete(T object) {
      changed.release();
    }
  }

  private void run() {
    RuleSet loaded = null;
    try {
      services.awaitKnown(Duration.ofDays(1));
      slices.awaitKnown(Duration.ofDays(1));
      while (!closed) {
        RuleSet wanted = compute();
        try {
          if (loaded == null) {
            nft.load(skeleton() + wanted.changesFrom(RuleSet.empty(), config.table()));
          } else {
            String changes = wanted.changesFrom(loaded, config.table());
            if (!changes.isEmpty()) {
              nft.load(changes);
            }
          }
          if (loaded == null || !wanted.datagrams().equals(loaded.datagrams())) {
            datagrams.forgetAllBut(wanted.datagrams());
          }
          loaded = wanted;
        } catch (UncheckedIOException e) {
          LOG.error("service rules not loaded: {}", e.getMessage());
          loaded = null;
          Thread.sleep(PAUSE_AFTER_FAILURE);
          continue;
        }
        changed.acquire();
        Thread.sleep(GATHER);
        changed.drainPermits();
      }
    } catch (InterruptedException e) {
      LOG.debug("service proxy ends");
    }
  }

  private RuleSet compute() {
    Map<String, List<EndpointSlice>> byService = new HashMap<>();
    for (EndpointSlice slice : slices.list()) {
      String service = slice.metadata().labels().get(SERVICE_NAME);
      if (service != null) {
        byService
            .computeIfAbsent(slice.metadata().namespace() + "/" + service, k -> new ArrayList<>())
            .add(slice);
      }
    }
    RuleSetBuilder builder = new RuleSetBuilder(config);
    services.list().stream()
        .filter(s -> !s.metadata().labels().containsKey(PROXY_NAME))
        .sorted(Comparator.comparing(Service::key))
        .forEach(
            s -> {
              var balancer = s.status().loadBalancer();
              builder.add(
                  s,
                  byService.getOrDefault(s.key(), List.of()),
                  balancer == null ? List.of() : balancer.ingress());
            });
    return builder.build();
  }

  /** The table with its hooks and empty maps, replacing whatever an earlier process left. */
  private String skeleton() {
    String direct =
        config.directNetworks().isEmpty()
            ? ""
            : "ip saddr %s ip daddr != { %s } masquerade"
                .formatted(config.podNetwork(), String.join(", ", config.directNetworks()));
    return """
        add table ip %1$s
        delete table ip %1$s
        table ip %1$s {
          chain refuse {
            meta l4proto tcp reject with tcp reset
            reject with icmp type port-unreachable
          }
          map services {
            type ipv4_addr . inet_proto . inet_service : verdict
          }
          map nodeports {
            type inet_proto . inet_service : verdict
          }
          map unserved {
            type ipv4_addr . inet_proto . inet_service : verdict
          }
          chain dispatch {
            ip daddr . meta l4proto . th dport vmap @services
            ip daddr != 127.0.0.0/8 fib daddr type local meta l4proto . th dport vmap @nodeports
          }
          chain prerouting {
            type nat hook prerouting priority -100; policy accept;
            jump dispatch
          }
          chain output {
            type nat hook output priority -100; policy accept;
            jump dispatch
          }
          chain postrouting {
            type nat hook postrouting priority 100; policy accept;
            meta mark and 0x4000 == 0x4000 masquerade
            %2$s
          }
          chain unserved-forward {
            type filter hook forward priority 0; policy accept;
            ct state new ip daddr . meta l4proto . th dport vmap @unserved
          }
          chain unserved-output {
            type filter hook output priority 0; policy accept;
            ct state new ip daddr . meta l4proto . th dport vmap @unserved
          }
        }
        """
        .formatted(config.table(), direct);
  }

  /** Ends the proxy; its rules stay, so that Services go on working while the agent restarts. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
