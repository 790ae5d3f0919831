package io.kubra.store.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.kubra.store.Entry;
import io.kubra.store.Store;
import io.kubra.store.etcd.v3.Compare;
import io.kubra.store.etcd.v3.KeyValue;
import io.kubra.store.etcd.v3.RangeRequest;
import io.kubra.store.etcd.v3.RequestOp;

/** Between the store's terms and etcd's messages. Keys are UTF-8. */
final class Wire {
  /** As the end of a range: all keys from its start on. As its start: the first key of all. */
  static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

  private Wire() {}

  static ByteString key(String key) {
    return key.isEmpty() ? ZERO : ByteString.copyFromUtf8(key);
  }

  static ByteString end(String end) {
    return end.equals(Store.UNBOUNDED) ? ZERO : ByteString.copyFromUtf8(end);
  }

  static ByteString value(byte[] value) {
    return UnsafeByteOperations.unsafeWrap(value);
  }

  static Entry entry(KeyValue kv) {
    return entry(kv, kv.getValue().toByteArray());
  }

  static Entry entry(KeyValue kv, byte[] value) {
    return new Entry(
        kv.getKey().toStringUtf8(),
        value,
        kv.getCreateRevision(),
        kv.getModRevision(),
        kv.getVersion());
  }

  static RequestOp read(ByteString key, boolean keysOnly) {
    return RequestOp.newBuilder()
        .setRequestRange(RangeRequest.newBuilder().setKey(key).setKeysOnly(keysOnly))
        .build();
  }

  /** That the key is at a revision; {@link Store#ABSENT} is revision 0 to etcd as well. */
  static Compare isAt(ByteString key, long modRevision) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.EQUAL)
        .setModRevision(modRevision)
        .build();
  }

  static Compare exists(ByteString key) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.GREATER)
        .setModRevision(0)
        .build();
  }
}
