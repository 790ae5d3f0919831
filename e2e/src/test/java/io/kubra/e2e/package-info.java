/**
 * Tests that use the built distribution as a user would: the launcher, the real kubectl, real
 * containers. They need root, containerd, runc, nft, ip and kubectl, and say so when they skip.
 */
@NullMarked
package io.kubra.e2e;

import org.jspecify.annotations.NullMarked;
