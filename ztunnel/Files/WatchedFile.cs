using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Files;

/// <summary>
/// Reads a file now and again whenever it changes. It looks at the file's status five times a second instead of asking the kernel for
/// events: a mounted ConfigMap is replaced through a link of a parent folder, which events on the file do not show.
/// </summary>
internal sealed class WatchedFile
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly Func<string, bool> _readAndApply;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private (DateTime Time, long Bytes) _applied;

    /// <param name="path">The file.</param>
    /// <param name="apply">Takes the text; false when it was refused, which <paramref name="apply"/> itself has logged.</param>
    /// <param name="logger">Told when the file cannot be read.</param>
    /// <param name="time">Paces the looks.</param>
    public WatchedFile(string path, Func<string, bool> apply, ILogger logger, TimeProvider time)
    {
        _path = path;
        _readAndApply = file => apply(File.ReadAllText(file));
        _logger = logger;
        _time = time;
    }

    private WatchedFile(string path, ILogger logger, TimeProvider time, Func<string, bool> readAndApply)
    {
        _path = path;
        _readAndApply = readAndApply;
        _logger = logger;
        _time = time;
    }

    /// <summary>A file is configuration, not data; what is larger was pointed at by mistake, and is refused.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The same for a file whose bytes are not text.</summary>
    public static WatchedFile OfBytes(string path, Func<byte[], bool> apply, ILogger logger, TimeProvider time) =>
        new(path, logger, time, file => apply(File.ReadAllBytes(file)));

    /// <summary>Reads and applies the file once.</summary>
    /// <returns>False when it could not be read or was refused.</returns>
    public bool Load()
    {
        try
        {
            _applied = Look() ?? default;
            if (_applied.Bytes > MaxBytes)
            {
                FilesLog.TooLarge(_logger, _path, _applied.Bytes, MaxBytes);
                return false;
            }

            return _readAndApply(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Looked at again: what cures a failed read need not change time or length.
            _applied = default;
            FilesLog.Unreadable(_logger, _path, error.Message);
            return false;
        }
    }

    /// <summary>Applies changes until cancelled. A file that disappears leaves what was applied last in force.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                if (HasChanged())
                {
                    LoadAndGoOn();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The way in which a watch ends.
        }
    }

    /// <summary>A bug in taking one version of the file must not end the watch of all later ones.</summary>
    private void LoadAndGoOn()
    {
        try
        {
            Load();
        }
        catch (Exception error)
        {
            FilesLog.ApplyFailed(_logger, _path, error);
        }
    }

    private bool HasChanged()
    {
        try
        {
            return Look() is { } seen && seen != _applied;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Between two versions, or out of reach for now: looked at again.
            return false;
        }
    }

    /// <summary>Of the file behind all links: the links of a mounted ConfigMap stay the same when it is replaced. Null when there is no file.</summary>
    private (DateTime Time, long Bytes)? Look()
    {
        FileSystemInfo? found = new FileInfo(_path);
        if (found.LinkTarget is not null)
        {
            found = found.ResolveLinkTarget(returnFinalTarget: true);
        }

        return found is FileInfo { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : null;
    }
}
