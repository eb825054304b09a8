//! Noticing changes of local files.
//!
//! Folders are watched rather than files, so that editors which save by renaming a
//! new file into place are seen. A folder that goes away is waited for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::change::Change;
use crate::target::{Shape, shape};

/// A batch is complete when nothing happened for this long …
const QUIET: Duration = Duration::from_millis(100);
/// … or when it has been open for this long.
const LONGEST: Duration = Duration::from_secs(1);

/// Watches until dropped; `changes` gives debounced batches.
pub struct FileWatch {
    /// Batches of changed paths.
    pub changes: mpsc::Receiver<Vec<Change>>,
    task: JoinHandle<()>,
}

/// A folder cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("local files cannot be watched: {0}; they are polled instead")]
pub struct WatchError(#[from] notify::Error);

impl FileWatch {
    /// Watches the folders that the absolute `file` targets (files, folders, globs) are in.
    /// Runs on the current tokio runtime.
    pub fn start(targets: &[String]) -> Result<Self, WatchError> {
        let (notice, events) = mpsc::unbounded_channel();
        let watcher = notify::recommended_watcher(move |event| {
            // Nobody listens any more when this fails: the watch is being dropped.
            let _ = notice.send(event);
        })?;
        let mut roots = Roots {
            watcher,
            roots: Vec::new(),
        };
        let mut wanted: Vec<_> = targets.iter().map(|target| Root::of(target)).collect();
        // Outer folders first, and of the same folder the one that reaches deeper.
        wanted.sort_by(|a, b| a.folder.cmp(&b.folder).then(b.deep.cmp(&a.deep)));
        for root in wanted {
            if !roots.roots.iter().any(|other| other.covers(&root)) {
                roots.roots.push(root);
            }
        }
        roots.watch_again(|_| true)?;
        let (send, changes) = mpsc::channel(16);
        let task = tokio::spawn(follow(roots, events, send));
        Ok(Self { changes, task })
    }
}

impl Drop for FileWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What is watched.
struct Roots {
    watcher: RecommendedWatcher,
    roots: Vec<Root>,
}

struct Root {
    folder: PathBuf,
    /// Whether folders below it count.
    deep: bool,
    /// The folder itself, or the nearest one above it while it does not exist.
    watched: Option<PathBuf>,
}

impl Root {
    /// What to watch for a target. The files that a file names are usually in folders
    /// below it; only right below the root of the file system that would be too much.
    fn of(target: &str) -> Self {
        let path = Path::new(target);
        let (folder, deep) = match shape(target, path.is_dir()) {
            Ok(Shape::Pattern(pattern)) => (PathBuf::from(pattern.folder), true),
            Ok(Shape::File) | Err(_) => {
                let folder = path.parent().unwrap_or(path);
                (folder.to_owned(), folder.components().count() > 2)
            }
        };
        Self {
            folder,
            deep,
            watched: None,
        }
    }

    /// Whether a change of this path is one of this root.
    fn contains(&self, path: &Path) -> bool {
        let inside = path.starts_with(&self.folder);
        inside && (self.deep || path == self.folder || path.parent() == Some(&self.folder))
    }

    /// Whether a watch of this root makes the other's needless.
    fn covers(&self, other: &Self) -> bool {
        self.folder == other.folder || (self.deep && other.folder.starts_with(&self.folder))
    }
}

impl Roots {
    /// Renews the watches of some roots: a watch follows the folder that was there, not its name.
    fn watch_again(&mut self, which: impl Fn(&Root) -> bool) -> Result<(), notify::Error> {
        for at in 0..self.roots.len() {
            if !which(&self.roots[at]) {
                continue;
            }
            if let Some(old) = self.roots[at].watched.take()
                && !self
                    .roots
                    .iter()
                    .any(|root| root.watched.as_ref() == Some(&old))
            {
                // It fails when the folder is gone, and the watch with it.
                let _ = self.watcher.unwatch(&old);
            }
            let folder = self.roots[at].folder.clone();
            let mut result = Err(notify::Error::path_not_found());
            for candidate in folder.ancestors() {
                let deep = self.roots[at].deep && candidate == folder;
                let mode = if deep {
                    RecursiveMode::Recursive
                } else {
                    RecursiveMode::NonRecursive
                };
                result = self.watcher.watch(candidate, mode);
                match &result {
                    Ok(()) => {
                        self.roots[at].watched = Some(candidate.to_owned());
                        break;
                    }
                    Err(_) if !candidate.exists() => {}
                    Err(_) => break,
                }
            }
            result?;
        }
        Ok(())
    }

    /// Adds what an event changed, and renews the watches it may have broken.
    fn note(&mut self, event: notify::Result<Event>, batch: &mut BTreeSet<PathBuf>) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                tracing::warn!(%error, "watching local files");
                batch.extend(self.roots.iter().map(|root| root.folder.clone()));
                return;
            }
        };
        if event.need_rescan() {
            batch.extend(self.roots.iter().map(|root| root.folder.clone()));
        }
        let appeared_or_gone = matches!(
            event.kind,
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
        );
        if !appeared_or_gone && !matches!(event.kind, EventKind::Modify(_) | EventKind::Any) {
            return;
        }
        for path in event.paths {
            if appeared_or_gone {
                let touches = |root: &Root| root.folder.starts_with(&path);
                let broken = self.roots.iter().filter(|root| touches(root));
                batch.extend(broken.map(|root| root.folder.clone()));
                if let Err(error) = self.watch_again(touches) {
                    tracing::warn!(%error, folder = %path.display(), "watching local files");
                }
            }
            if self.roots.iter().any(|root| root.contains(&path)) && !is_noise(&path) {
                batch.insert(behind_link(path));
            }
        }
    }
}

async fn follow(
    mut roots: Roots,
    mut events: mpsc::UnboundedReceiver<notify::Result<Event>>,
    changes: mpsc::Sender<Vec<Change>>,
) {
    while let Some(event) = events.recv().await {
        let mut batch = BTreeSet::new();
        roots.note(event, &mut batch);
        let end = Instant::now() + LONGEST;
        loop {
            let quiet = end.min(Instant::now() + QUIET);
            match tokio::time::timeout_at(quiet, events.recv()).await {
                Ok(Some(event)) => roots.note(event, &mut batch),
                Ok(None) | Err(_) => break,
            }
        }
        let batch: Vec<_> = batch.into_iter().map(Change::Path).collect();
        if !batch.is_empty() && changes.send(batch).await.is_err() {
            return;
        }
    }
}

/// Folders that change often and hold no catalog files.
fn is_noise(path: &Path) -> bool {
    path.components()
        .any(|part| matches!(part.as_os_str().to_str(), Some(".git" | "node_modules")))
}

/// Kubernetes updates a mounted folder by swapping the link `..data`: every file changed.
fn behind_link(path: PathBuf) -> PathBuf {
    match path.parent() {
        Some(parent) if path.file_name().is_some_and(|name| name == "..data") => parent.to_owned(),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    struct Watched {
        folder: tempfile::TempDir,
        watch: FileWatch,
    }

    impl Watched {
        fn new(target: &str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("c")).unwrap();
            let watch = FileWatch::start(&[target_in(&folder, target)]).unwrap();
            Self { folder, watch }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        /// Waits until a change is told that affects a target.
        async fn affected(&mut self, target: &str) {
            let target = target_in(&self.folder, target);
            let told = async {
                while let Some(batch) = self.watch.changes.recv().await {
                    if batch.iter().any(|change| change.affects("file", &target)) {
                        return;
                    }
                }
                panic!("the watch ended");
            };
            tokio::time::timeout(Duration::from_secs(20), told)
                .await
                .expect("no change was told");
        }
    }

    fn target_in(folder: &tempfile::TempDir, name: &str) -> String {
        folder.path().join(name).to_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn writes_atomic_saves_and_deletes_are_told() {
        let mut it = Watched::new("c/a.yaml");
        let file = it.path("c/a.yaml");
        fs::write(&file, "1").unwrap();
        it.affected("c/a.yaml").await;
        fs::write(it.path("c/.a.yaml.swp"), "2").unwrap();
        fs::rename(it.path("c/.a.yaml.swp"), &file).unwrap();
        it.affected("c/a.yaml").await;
        fs::remove_file(&file).unwrap();
        it.affected("c/a.yaml").await;
        fs::write(&file, "3").unwrap();
        it.affected("c/a.yaml").await;
    }

    #[tokio::test]
    async fn new_folders_and_what_is_in_them_are_told() {
        let mut it = Watched::new("c/**/catalog-info.yaml");
        fs::create_dir_all(it.path("c/x/y")).unwrap();
        fs::write(it.path("c/x/y/catalog-info.yaml"), "1").unwrap();
        it.affected("c/**/catalog-info.yaml").await;
        fs::write(it.path("c/x/y/catalog-info.yaml"), "2").unwrap();
        it.affected("c/x/y/catalog-info.yaml").await;
        fs::rename(it.path("c/x"), it.path("c/z")).unwrap();
        it.affected("c/x/y/catalog-info.yaml").await;
    }

    #[tokio::test]
    async fn a_folder_that_goes_and_comes_back_is_still_watched() {
        let mut it = Watched::new("c/**/*.yaml");
        fs::remove_dir_all(it.path("c")).unwrap();
        it.affected("c/**/*.yaml").await;
        fs::create_dir(it.path("c")).unwrap();
        it.affected("c/**/*.yaml").await;
        fs::write(it.path("c/a.yaml"), "1").unwrap();
        it.affected("c/a.yaml").await;
    }

    #[tokio::test]
    async fn a_folder_that_is_swapped_for_another_is_still_watched() {
        let mut it = Watched::new("c/**/*.yaml");
        fs::create_dir(it.path("new")).unwrap();
        fs::rename(it.path("c"), it.path("old")).unwrap();
        fs::rename(it.path("new"), it.path("c")).unwrap();
        it.affected("c/**/*.yaml").await;
        fs::write(it.path("c/a.yaml"), "1").unwrap();
        it.affected("c/a.yaml").await;
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_yet_is_waited_for() {
        let mut it = Watched::new("later/on/a.yaml");
        fs::create_dir_all(it.path("later/on")).unwrap();
        it.affected("later/on/a.yaml").await;
        fs::write(it.path("later/on/a.yaml"), "1").unwrap();
        it.affected("later/on/a.yaml").await;
    }

    #[test]
    fn files_right_below_the_root_do_not_have_everything_watched() {
        let root = Root::of("/srv/all.yaml");
        assert!(root.contains(Path::new("/srv/all.yaml")));
        assert!(!root.contains(Path::new("/srv/data/x")));
        assert!(Root::of("/srv/catalog/all.yaml").contains(Path::new("/srv/catalog/a/x.yaml")));
        assert!(Root::of("/srv/**/*.yaml").contains(Path::new("/srv/a/x.yaml")));
    }

    #[test]
    fn git_and_swapped_links_are_understood() {
        assert!(is_noise(Path::new("/r/.git/index")));
        assert!(!is_noise(Path::new("/r/.github/catalog-info.yaml")));
        assert_eq!(behind_link(PathBuf::from("/c/..data")), PathBuf::from("/c"));
        assert_eq!(
            behind_link(PathBuf::from("/c/a.yaml")),
            PathBuf::from("/c/a.yaml")
        );
    }
}
