package io.kubra.apiserver.encryption;

import io.kubra.store.Deleted;
import io.kubra.store.Durability;
import io.kubra.store.Entry;
import io.kubra.store.Range;
import io.kubra.store.RevisionMismatchException;
import io.kubra.store.Store;
import io.kubra.store.StoreEvent;
import io.kubra.store.StoreException;
import io.kubra.store.Watch;
import io.kubra.store.WatchListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store whose values are encrypted as the configuration says, which may change at any time. A
 * value that no configured key can read is never touched: reading it fails, so that nobody can
 * overwrite or delete what he cannot see. Watches hand such values on as they are, and their
 * receiver, finding no object in them, reads the resource anew and learns why.
 */
public final class EncryptedStore implements Store {
  private static final int PAGE = 500;

  private final Store store;
  private volatile EncryptionConfig config;

  public EncryptedStore(Store store, EncryptionConfig config) {
    this.store = store;
    this.config = config;
  }

  /** Uses another configuration from now on. */
  public void configure(EncryptionConfig other) {
    config = other;
  }

  /**
   * Writes every value again that its resource's first provider did not write, so that older keys
   * can be given up. What others write meanwhile is left to them.
   *
   * @return how many values were written
   * @throws UndecryptableException if a value cannot be read; the ones after it are left as well
   */
  public int rewrite() {
    int written = 0;
    for (String prefix : config.prefixes()) {
      // the character after the slash that ends every prefix
      String end = prefix.substring(0, prefix.length() - 1) + '0';
      String from = prefix;
      while (true) {
        Range page = store.range(from, end, PAGE, 0);
        for (Entry entry : page.entries()) {
          written += rewrite(entry) ? 1 : 0;
          from = entry.key() + '\0';
        }
        if (!page.more()) {
          break;
        }
      }
    }
    return written;
  }

  private boolean rewrite(Entry entry) {
    List<Provider> providers = config.providersOf(entry.key());
    if (providers.isEmpty() || providers.getFirst().reads(entry.value())) {
      return false;
    }
    byte[] plain = plain(entry.key(), entry.value());
    try {
      store.put(
          entry.key(),
          providers.getFirst().keep(plain, entry.key()),
          entry.modRevision(),
          Durability.DURABLE);
      return true;
    } catch (RevisionMismatchException e) {
      return false;
    }
  }

  /** The value that is kept under a key. */
  private byte[] plain(String key, byte[] kept) {
    List<Provider> providers = config.providersOf(key);
    if (providers.isEmpty() && !Provider.startsWith(kept, Provider.ENCRYPTED)) {
      return kept;
    }
    String why = "no matching prefix found";
    for (Provider provider : providers) {
      if (provider.reads(kept)) {
        try {
          return provider.read(kept, key);
        } catch (UndecryptableException e) {
          // another key may have the same name
          why = String.valueOf(e.getMessage());
        }
      }
    }
    throw new UndecryptableException("unable to transform key \"" + key + "\": " + why, null);
  }

  private Entry plain(Entry entry) {
    byte[] value = plain(entry.key(), entry.value());
    return value == entry.value() ? entry : with(entry, value);
  }

  private static Entry with(Entry entry, byte[] value) {
    return new Entry(
        entry.key(), value, entry.createRevision(), entry.modRevision(), entry.version());
  }

  private Entry plainOrKept(Entry entry) {
    try {
      return plain(entry);
    } catch (UndecryptableException e) {
      return entry;
    }
  }

  @Override
  public @Nullable Entry get(String key) {
    Entry entry = store.get(key);
    return entry == null ? null : plain(entry);
  }

  @Override
  public Range range(String startInclusive, String endExclusive, int limit, long revision) {
    Range range = store.range(startInclusive, endExclusive, limit, revision);
    List<Entry> entries = range.entries();
    List<Entry> changed = null;
    for (int i = 0; i < entries.size(); i++) {
      Entry plain = plain(entries.get(i));
      if (changed == null && plain != entries.get(i)) {
        changed = new ArrayList<>(entries.size());
        changed.addAll(entries.subList(0, i));
      }
      if (changed != null) {
        changed.add(plain);
      }
    }
    return changed == null
        ? range
        : new Range(changed, range.revision(), range.count(), range.more());
  }

  @Override
  public Entry put(String key, byte[] value, long expectedModRevision, Durability durability) {
    List<Provider> providers = config.providersOf(key);
    if (providers.isEmpty() || providers.getFirst().identity()) {
      return store.put(key, value, expectedModRevision, durability);
    }
    byte[] kept = providers.getFirst().keep(value, key);
    return with(store.put(key, kept, expectedModRevision, durability), value);
  }

  @Override
  public Deleted delete(String key, long expectedModRevision, Durability durability) {
    Deleted deleted = store.delete(key, expectedModRevision, durability);
    return new Deleted(plainOrKept(deleted.previous()), deleted.revision());
  }

  @Override
  public Watch watch(
      String startInclusive, String endExclusive, long afterRevision, WatchListener listener) {
    return store.watch(startInclusive, endExclusive, afterRevision, new Decrypting(listener));
  }

  /** Decrypts what passes; batches without anything encrypted pass as they are. */
  private final class Decrypting implements WatchListener {
    private final WatchListener listener;

    Decrypting(WatchListener listener) {
      this.listener = listener;
    }

    @Override
    public void events(List<StoreEvent> batch) {
      for (StoreEvent event : batch) {
        if (!config.providersOf(event.key()).isEmpty()) {
          listener.events(batch.stream().map(this::plain).toList());
          return;
        }
      }
      listener.events(batch);
    }

    private StoreEvent plain(StoreEvent event) {
      return switch (event) {
        case StoreEvent.Put(Entry entry, Entry previous) ->
            new StoreEvent.Put(plainOrKept(entry), previous == null ? null : plainOrKept(previous));
        case StoreEvent.Delete(String key, long revision, Entry previous) ->
            new StoreEvent.Delete(key, revision, plainOrKept(previous));
      };
    }

    @Override
    public void progress(long revision) {
      listener.progress(revision);
    }

    @Override
    public void failed(StoreException e) {
      listener.failed(e);
    }
  }

  @Override
  public long revision() {
    return store.revision();
  }

  @Override
  public long compactRevision() {
    return store.compactRevision();
  }

  @Override
  public long count(String startInclusive, String endExclusive) {
    return store.count(startInclusive, endExclusive);
  }

  @Override
  public void compact(long revision) {
    store.compact(revision);
  }

  @Override
  public void close() {
    store.close();
  }
}
