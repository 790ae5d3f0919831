/**
 * Questions about identities and permissions that clients may ask: token reviews, access reviews
 * and self reviews. Nothing here is stored.
 */
@NullMarked
package io.kubra.apiserver.review;

import org.jspecify.annotations.NullMarked;
