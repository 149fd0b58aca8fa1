using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;

namespace Ambient.ApiServer.Manifests;

/// <summary>
/// A folder of manifests in place of a cluster: its objects are applied to a server, its changes are followed, and what vanishes from it
/// is removed. A file that cannot be read keeps its last good objects in force.
/// </summary>
public sealed class ManifestFolder : IAsyncDisposable
{
    private const int AtATime = 4;

    private readonly ManifestFolderOptions _options;
    private readonly IManifestEvents _events;
    private readonly KubernetesClient _client;
    private readonly ManifestReader _reader;
    private readonly ManifestWriter _writer;
    private readonly FileSystemWatcher _watcher;
    private readonly ConcurrentDictionary<string, bool> _touched = new(StringComparer.Ordinal);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<(string, string, string, string), ManifestObject> _applied = [];
    private IReadOnlyList<string> _errors = [];
    private Task _following = Task.CompletedTask;

    private ManifestFolder(KubernetesConfiguration server, ManifestFolderOptions options, IManifestEvents events)
    {
        _options = options with { Folder = Path.GetFullPath(options.Folder) };
        _events = events;
        _client = new KubernetesClient(server, new KubernetesClientOptions { UserAgent = "ambient-manifests" }, options.Time);
        _reader = new ManifestReader(_options);
        _writer = new ManifestWriter(_client);
        _watcher = new FileSystemWatcher(_options.Folder) { IncludeSubdirectories = true };
    }

    /// <summary>What is wrong at the moment: files that cannot be read, objects that are refused.</summary>
    public IReadOnlyList<string> Errors => Volatile.Read(ref _errors);

    /// <summary>Applies the folder once, and follows it from then on. What is wrong in it is told to <paramref name="events"/> and stops nothing else.</summary>
    /// <param name="server">Where it is applied.</param>
    /// <param name="options">Which folder.</param>
    /// <param name="events">Told of every round that changed something.</param>
    /// <param name="cancellation">Ends the first round.</param>
    /// <exception cref="ManifestException">There is no such folder.</exception>
    public static async Task<ManifestFolder> StartAsync(
        KubernetesConfiguration server, ManifestFolderOptions options, IManifestEvents events, CancellationToken cancellation)
    {
        if (!Directory.Exists(options.Folder))
        {
            throw new ManifestException($"there is no folder {options.Folder}: make it, or name another one");
        }

        ManifestFolder folder = new(server, options, events);
        folder.Listen();
        await folder.LoadAsync(cancellation);
        folder._following = folder.FollowAsync();
        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _watcher.Dispose();
        await _following;
        _client.Dispose();
        _end.Dispose();
    }

    private void Listen()
    {
        _watcher.NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size;
        _watcher.Changed += (_, change) => Touch(change.FullPath);
        _watcher.Created += (_, change) => Touch(change.FullPath);
        _watcher.Deleted += (_, change) => Touch(change.FullPath);
        _watcher.Renamed += (_, change) => Touch(change.FullPath);

        // More changed than the kernel remembers: everything is looked at.
        _watcher.Error += (_, _) => _news.Writer.TryWrite(true);
        _watcher.EnableRaisingEvents = true;
    }

    private void Touch(string path)
    {
        if (_touched.Count < _options.MaxFiles)
        {
            _touched[path] = true;
        }

        _news.Writer.TryWrite(true);
    }

    private async Task FollowAsync()
    {
        CancellationToken end = _end.Token;
        try
        {
            while (true)
            {
                if (await IsToldAsync(end))
                {
                    await Task.Delay(_options.SettleTime, _options.Time, end);
                }

                _news.Reader.TryRead(out _);
                await LoadAsync(end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It is followed no more.
            return;
        }
    }

    private async Task<bool> IsToldAsync(CancellationToken end)
    {
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(end);
        using ITimer poll = _options.Time.CreateTimer(_ => wait.Cancel(), null, _options.PollInterval, Timeout.InfiniteTimeSpan);
        try
        {
            return await _news.Reader.WaitToReadAsync(wait.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        HashSet<string> touched = [.. _touched.Keys];
        foreach (string path in touched)
        {
            _touched.TryRemove(path, out _);
        }

        List<string> errors = [];
        IReadOnlyList<ManifestObject> wanted = _reader.Read(touched, errors);
        int removed = await RemoveAsync(wanted, errors, cancellation);
        int applied = await ApplyAsync(wanted, errors, cancellation);
        foreach (string error in errors.Except(_errors, StringComparer.Ordinal))
        {
            _events.Failed(error);
        }

        Volatile.Write(ref _errors, errors);
        if (applied + removed > 0)
        {
            _events.Loaded(wanted.Count, applied, removed);
        }
    }

    private async Task<int> RemoveAsync(IReadOnlyList<ManifestObject> wanted, List<string> errors, CancellationToken cancellation)
    {
        HashSet<(string, string, string, string)> kept = [.. wanted.Select(value => value.Identity)];
        HashSet<string> used = [.. wanted.Select(value => value.Namespace)];
        ManifestObject[] gone = [.. _applied.Values.Where(value => !kept.Contains(value.Identity)).OrderByDescending(Rank)];
        foreach (ManifestObject value in gone)
        {
            // A namespace that others still live in becomes one that is used and not defined.
            if ((value.IsNamespace && used.Contains(value.Name)) || await TryAsync(() => _writer.DeleteAsync(value, cancellation), value, errors))
            {
                _applied.Remove(value.Identity);
                if (value.IsDefinition)
                {
                    ForgetKinds(value);
                }
            }
        }

        return gone.Length;
    }

    // Its objects went with the definition: what the files still have of them is applied again, or refused for a reason that is said.
    private void ForgetKinds(ManifestObject definition)
    {
        string group = definition.Value["spec"]?["group"]?.ToString() ?? string.Empty;
        foreach (ManifestObject value in _applied.Values.Where(value => value.Group == group).ToArray())
        {
            _applied.Remove(value.Identity);
        }
    }

    private async Task<int> ApplyAsync(IReadOnlyList<ManifestObject> wanted, List<string> errors, CancellationToken cancellation)
    {
        ManifestObject[] changed = [.. wanted.Where(IsChanged)];
        ConcurrentBag<ManifestObject> done = [];
        ConcurrentBag<string> failed = [];
        foreach (IGrouping<int, ManifestObject> rank in changed.GroupBy(Rank).OrderBy(rank => rank.Key))
        {
            await Parallel.ForEachAsync(rank, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation }, async (value, ended) =>
            {
                List<string> own = [];
                if (await TryAsync(() => _writer.ApplyAsync(value, _applied.GetValueOrDefault(value.Identity), ended), value, own))
                {
                    done.Add(value);
                }

                own.ForEach(failed.Add);
            });
        }

        errors.AddRange(failed.Order(StringComparer.Ordinal));
        foreach (ManifestObject value in done)
        {
            _applied[value.Identity] = value;
        }

        return done.Count;
    }

    private bool IsChanged(ManifestObject value) =>
        !_applied.TryGetValue(value.Identity, out ManifestObject? before)
        || (!ReferenceEquals(before.Value, value.Value) && !JsonNode.DeepEquals(before.Value, value.Value));

    /// <returns>Whether it was done.</returns>
    private static async Task<bool> TryAsync(Func<Task> act, ManifestObject value, List<string> errors)
    {
        try
        {
            await act();
            return true;
        }
        catch (ManifestException error)
        {
            errors.Add(error.Message);
        }
        catch (KubernetesException error)
        {
            errors.Add($"{value.Place}: {value.Kind} {value.Name}: the API server did not take it ({error.Message}); it is tried again");
        }

        return false;
    }

    // Definitions before what they define, namespaces before what lives in them.
    private static int Rank(ManifestObject value) => value.IsDefinition ? 0 : value.IsNamespace ? 1 : 2;
}
