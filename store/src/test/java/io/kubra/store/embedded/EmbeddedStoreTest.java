package io.kubra.store.embedded;

import io.kubra.store.Store;
import io.kubra.store.StoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StoreContract {
  @TempDir Path directory;

  @Override
  protected Store open() {
    return EmbeddedStore.open(EmbeddedConfig.builder(directory).segmentBytes(1 << 20).build());
  }
}
