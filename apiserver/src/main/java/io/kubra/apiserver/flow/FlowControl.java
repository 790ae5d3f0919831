package io.kubra.apiserver.flow;

import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.request.PostStartHook;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.apiserver.request.RequestInfo;
import io.kubra.apiserver.request.RequestLimit;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every request its turn. It works from the default objects until those of the cluster are
 * read, and follows them from then on.
 */
public final class FlowControl implements RequestLimit, PostStartHook, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FlowControl.class);
  private static final long WAIT_NANOS = Duration.ofSeconds(15).toNanos();
  private static final Duration ADJUSTMENT = Duration.ofSeconds(10);
  private static final int OBJECTS_PER_SEAT = 100;
  private static final int MAX_SEATS = 10;

  private final int total;
  private final ToLongFunction<RequestInfo> objectCount;
  private final Clock clock;
  private final FlowDefaults defaults = new FlowDefaults();
  private final Map<String, Map<String, Object>> schemas = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Object>> levels = new ConcurrentHashMap<>();
  private final Map<String, PriorityLevel> running = new HashMap<>();
  private final Map<List<String>, FlowStats> stats = new ConcurrentHashMap<>();
  private final Map<String, Double> smoothed = new HashMap<>();
  private final Semaphore changed = new Semaphore(0);
  private volatile FlowConfig config;
  private volatile boolean following;
  private volatile boolean closed;

  /**
   * @param total how many seats the server has
   * @param objectCount how many objects a list has to go through; 0 if that is not known
   */
  public FlowControl(int total, ToLongFunction<RequestInfo> objectCount, Clock clock) {
    this.total = total;
    this.objectCount = objectCount;
    this.clock = clock;
    defaults.levels().forEach(l -> levels.put(name(l), l));
    defaults.schemas().forEach(s -> schemas.put(name(s), s));
    config = rebuild();
  }

  private static String name(Map<String, Object> object) {
    return Trees.stringOr(object, "", "metadata", "name");
  }

  @Override
  public String name() {
    return "priority-and-fairness-config-producer";
  }

  @Override
  public void run(ObjectAccess objects) {
    FlowObjects kept = new FlowObjects(objects, defaults, clock);
    kept.ensure(true);
    if (!following) {
      following = true;
      objects.onChange(FlowObjects.LEVELS, e -> follow(levels, e));
      objects.onChange(FlowObjects.SCHEMAS, e -> follow(schemas, e));
      Thread.ofVirtual().name("flow-control").start(() -> maintain(kept));
    }
    config = rebuild();
    // the rest can wait until after the start
    changed.release();
  }

  private void follow(
      Map<String, Map<String, Object>> known, io.kubra.apiserver.registry.ChangeEvent event) {
    switch (event.type()) {
      case ADDED, MODIFIED -> known.put(name(event.object()), event.object());
      case DELETED -> known.remove(name(event.object()));
    }
    changed.release();
  }

  /** Takes changes over as they come, and moves seats between levels from time to time. */
  private void maintain(FlowObjects kept) {
    long next = System.nanoTime() + ADJUSTMENT.toNanos();
    while (!closed) {
      try {
        long left = next - System.nanoTime();
        if (changed.tryAcquire(Math.max(0, left), TimeUnit.NANOSECONDS) && !closed) {
          changed.drainPermits();
          config = rebuild();
          kept.ensure(false);
          kept.reportDangling();
        }
        if (System.nanoTime() - next >= 0) {
          next = System.nanoTime() + ADJUSTMENT.toNanos();
          adjust();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("flow schemas and priority levels are not up to date: {}", e.getMessage());
      }
    }
  }

  private synchronized FlowConfig rebuild() {
    Map<String, LevelSpec> specs = new LinkedHashMap<>();
    // the mandatory ones are in force even while somebody has deleted them
    for (Map<String, Object> level : defaults.levels()) {
      if (FlowDefaults.mandatory(level)) {
        specs.put(name(level), LevelSpec.of(level));
      }
    }
    levels.values().forEach(l -> specs.put(name(l), LevelSpec.of(l)));
    long shares = specs.values().stream().mapToLong(LevelSpec::shares).sum();
    running.keySet().retainAll(specs.keySet());
    specs.forEach(
        (name, spec) ->
            running
                .computeIfAbsent(name, n -> new PriorityLevel(spec))
                .configure(spec, Seats.of(spec, total, shares)));
    Map<String, FlowSchema> all = new LinkedHashMap<>();
    for (Map<String, Object> schema : defaults.schemas()) {
      if (FlowDefaults.mandatory(schema)) {
        all.put(name(schema), FlowSchema.of(schema));
      }
    }
    schemas.values().forEach(s -> all.put(name(s), FlowSchema.of(s)));
    List<FlowConfig.Entry> entries = new ArrayList<>();
    all.values().stream()
        .sorted(Comparator.comparingLong(FlowSchema::precedence).thenComparing(FlowSchema::name))
        .forEach(
            schema -> {
              PriorityLevel level = running.get(schema.level());
              if (level != null) {
                entries.add(new FlowConfig.Entry(schema, level, statsOf(schema)));
              }
            });
    return new FlowConfig(List.copyOf(entries), List.copyOf(running.values()));
  }

  private FlowStats statsOf(FlowSchema schema) {
    return stats.computeIfAbsent(
        List.of(schema.name(), schema.level()), k -> new FlowStats(k.get(0), k.get(1)));
  }

  /** Moves seats from levels that do not need them to those that do. */
  synchronized void adjust() {
    List<PriorityLevel> limited =
        running.values().stream().filter(l -> !l.spec().exempt()).toList();
    List<Borrowing.Need> needs = new ArrayList<>();
    for (PriorityLevel level : limited) {
      double need =
          Borrowing.smoothed(smoothed.getOrDefault(level.name(), 0.0), level.takePeakDemand());
      smoothed.put(level.name(), need);
      needs.add(new Borrowing.Need(level.seats().lower(), level.seats().upper(), need));
    }
    int[] seats = Borrowing.share(needs, total);
    for (int i = 0; i < seats.length; i++) {
      limited.get(i).limit(seats[i]);
    }
  }

  @Override
  public Turn enter(RequestContext c) {
    RequestInfo info = c.info();
    FlowConfig.Entry entry = config.entryOf(c.user(), info);
    FlowSchema schema = entry.schema();
    if (c.exchange().attribute(UserInfo.class) == null) {
      c.exchange().answerHeader("X-Kubernetes-PF-FlowSchema-UID", schema.uid());
      c.exchange().answerHeader("X-Kubernetes-PF-PriorityLevel-UID", entry.level().spec().uid());
    }
    if (info.resourceRequest() && RequestLimit.lasts(info)) {
      return Turn.FREE;
    }
    String flow = schema.flow(c.user(), info);
    FlowStats counted = entry.stats();
    long arrived = System.nanoTime();
    Object result =
        entry
            .level()
            .acquire(
                hash(schema.name(), flow),
                width(info, c),
                schema.name(),
                flow,
                WAIT_NANOS,
                counted);
    long begins = System.nanoTime();
    counted.waitSeconds.observe((begins - arrived) / 1e9);
    return switch (result) {
      case PriorityLevel.Place place -> new Seat(entry.level(), place, counted, begins);
      case PriorityLevel.Refusal refusal -> throw refused(counted, refusal);
      default -> throw new IllegalStateException("neither place nor refusal: " + result);
    };
  }

  private static ApiException refused(FlowStats counted, PriorityLevel.Refusal refusal) {
    switch (refusal) {
      case QUEUE_FULL -> counted.queueFull.increment();
      case CONCURRENCY_LIMIT -> counted.overLimit.increment();
      case TIME_OUT -> counted.timedOut.increment();
    }
    return ApiException.tooManyRequests("Too many requests, please try again later.", 1);
  }

  /** Lists take more seats, the more objects they have to go through. */
  private int width(RequestInfo info, RequestContext c) {
    if (!info.verb().equals("list")) {
      return 1;
    }
    long count = objectCount.applyAsLong(info);
    long limit = c.query().numberOrElse("limit", 0);
    if (limit > 0) {
      count = Math.min(count, limit);
    }
    return (int) Math.clamp((count + OBJECTS_PER_SEAT - 1) / OBJECTS_PER_SEAT, 1, MAX_SEATS);
  }

  private static long hash(String schema, String flow) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < schema.length(); i++) {
      h = (h ^ schema.charAt(i)) * 0x100000001b3L;
    }
    h = (h ^ '/') * 0x100000001b3L;
    for (int i = 0; i < flow.length(); i++) {
      h = (h ^ flow.charAt(i)) * 0x100000001b3L;
    }
    // spreads neighbours over the deck
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    return h ^ (h >>> 33);
  }

  /** The seats of one request. */
  private static final class Seat implements Turn {
    private final PriorityLevel level;
    private final PriorityLevel.Place place;
    private final FlowStats stats;
    private final long begins;
    private boolean given;

    Seat(PriorityLevel level, PriorityLevel.Place place, FlowStats stats, long begins) {
      this.level = level;
      this.place = place;
      this.stats = stats;
      this.begins = begins;
      stats.dispatched.increment();
      stats.executing.increment();
      stats.executingSeats.add(place.width());
    }

    @Override
    public void close() {
      if (given) {
        return;
      }
      given = true;
      double seconds = (System.nanoTime() - begins) / 1e9;
      level.release(place, seconds);
      stats.executing.decrement();
      stats.executingSeats.add(-place.width());
      stats.runSeconds.observe(seconds);
    }
  }

  FlowConfig config() {
    return config;
  }

  Iterable<FlowStats> stats() {
    return stats.values();
  }

  @Override
  public void close() {
    closed = true;
    changed.release();
  }
}
