/** Chart repositories: folders of chart archives with an index of them. */
@NullMarked
package io.kubra.addons.helm.repository;

import org.jspecify.annotations.NullMarked;
