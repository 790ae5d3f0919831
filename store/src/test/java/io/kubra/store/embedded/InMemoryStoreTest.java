package io.kubra.store.embedded;

import io.kubra.store.Store;
import io.kubra.store.StoreContract;

class InMemoryStoreTest extends StoreContract {
  @Override
  protected Store open() {
    return EmbeddedStore.inMemory();
  }
}
