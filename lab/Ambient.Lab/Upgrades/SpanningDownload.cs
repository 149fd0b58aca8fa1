using System.Security.Cryptography;
using Ambient.Lab.Observation;
using Ambient.Lab.Probes;

namespace Ambient.Lab.Upgrades;

/// <summary>
/// A large file that curl fetches from nginx while a ztunnel on the way is replaced. Until the drain has begun it is read slowly and not to its
/// end, so that it spans the upgrade however long that takes; then as fast as it comes.
/// </summary>
internal sealed class SpanningDownload : IDisposable
{
    private const string FileName = "upgrade.bin";
    private const int Seed = 3;

    /// <summary>More than fits into the buffers on the way together with what is read before the drain.</summary>
    private const int Bytes = 96 << 20;

    private const int BytesBeforeDrain = 16 << 20;

    private static readonly TimeSpan SlowInterval = TimeSpan.FromMilliseconds(20);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drainBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Download _download;
    private readonly Task<(long Bytes, int ExitCode, string Error)> _reading;
    private readonly string _path;
    private readonly string _expected;
    private long _read;

    private SpanningDownload(Download download, string path, string expected, CancellationToken cancellationToken)
    {
        _download = download;
        _path = path;
        _expected = expected;
        _reading = _download.FinishAsync(TakeAsync, cancellationToken);
    }

    /// <param name="curl">In the namespace of the client.</param>
    /// <param name="filesDirectory">What nginx serves below <paramref name="filesUrl"/>.</param>
    /// <param name="filesUrl">Ends with a slash.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<SpanningDownload> StartAsync(Curl curl, string filesDirectory, string filesUrl, CancellationToken cancellationToken)
    {
        byte[] content = ProbePattern.Build(Seed, Bytes);
        string path = Path.Combine(filesDirectory, FileName);
        await File.WriteAllBytesAsync(path, content, cancellationToken);
        Download download = curl.Start($"{filesUrl}{FileName}", "-g", "-f", "--max-time", "60");
        return new SpanningDownload(download, path, ProbePattern.Digest(content), cancellationToken);
    }

    /// <summary>Completes with the first bytes, or with the end of a download that has none.</summary>
    public Task WaitUntilFlowingAsync() => Task.WhenAny(_first.Task, _reading);

    /// <summary>Reads the rest. Empty when every byte came, else what went wrong.</summary>
    public async Task<(long Bytes, string Error)> FinishAsync()
    {
        _drainBegan.TrySetResult();
        (long bytes, int exitCode, string error) = await _reading;
        string found = exitCode != 0 ? $"curl {exitCode}: {error}"
            : Convert.ToHexStringLower(_hash.GetHashAndReset()) != _expected ? "the checksum is wrong"
            : "";
        return (bytes, found);
    }

    public void Dispose()
    {
        _download.Dispose();
        _hash.Dispose();
        File.Delete(_path);
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        _hash.AppendData(bytes.Span);
        _read += bytes.Length;
        _first.TrySetResult();
        if (!_drainBegan.Task.IsCompleted)
        {
            await (_read >= BytesBeforeDrain ? _drainBegan.Task : Task.WhenAny(_drainBegan.Task, Task.Delay(SlowInterval)));
        }
    }
}
