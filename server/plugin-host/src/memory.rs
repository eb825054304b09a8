//! Bounds on memories and tables of an instance: on their sum, not on each.

use wasmtime::ResourceLimiter;

use crate::Limits;

/// Instances of core modules, memories and tables of one component.
const INSTANCES: usize = 128;
const MEMORIES: usize = 16;
const TABLES: usize = 64;

/// Counts what an instance has, and refuses what is beyond its limits.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    memory_limit: u64,
    table_limit: u64,
    memory: u64,
    table: u64,
    peak: u64,
    refused: bool,
}

impl MemoryLimiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            memory_limit: limits.memory_bytes,
            table_limit: u64::from(limits.table_elements),
            memory: 0,
            table: 0,
            peak: 0,
            refused: false,
        }
    }

    /// The largest sum of all memories, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        self.peak
    }

    /// Whether something was refused, which most guests do not survive.
    pub(crate) fn refused(&self) -> bool {
        self.refused
    }

    fn take(sum: &mut u64, limit: u64, current: usize, desired: usize) -> bool {
        let wanted = sum.saturating_add((desired as u64).saturating_sub(current as u64));
        let fits = wanted <= limit;
        if fits {
            *sum = wanted;
        }
        fits
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = Self::take(&mut self.memory, self.memory_limit, current, desired);
        self.peak = self.peak.max(self.memory);
        self.refused |= !fits;
        Ok(fits)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.refused = true;
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = Self::take(&mut self.table, self.table_limit, current, desired);
        self.refused |= !fits;
        Ok(fits)
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.refused = true;
        Ok(())
    }

    fn instances(&self) -> usize {
        INSTANCES
    }

    fn memories(&self) -> usize {
        MEMORIES
    }

    fn tables(&self) -> usize {
        TABLES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_memories_counts() {
        let mut limiter = MemoryLimiter::new(&Limits {
            memory_bytes: 100,
            ..Limits::default()
        });
        assert!(limiter.memory_growing(0, 60, None).unwrap());
        assert!(!limiter.memory_growing(0, 60, None).unwrap());
        assert!(limiter.memory_growing(60, 100, None).unwrap());
        assert_eq!(limiter.peak(), 100);
        assert!(limiter.refused());
    }
}
