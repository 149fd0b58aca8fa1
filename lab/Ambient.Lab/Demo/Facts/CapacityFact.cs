using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Observation;
using Ambient.Lab.Programs;
using Ambient.Redirection.Commands;

namespace Ambient.Lab.Demo.Facts;

/// <summary>A gigabyte arrives unchanged, half-close survives both ways, and a thousand connections live at once.</summary>
internal sealed class CapacityFact : IDemoFact
{
    /// <summary>Size of the served file; curl fetches it so often that a gigabyte passes.</summary>
    public const int BlobBytes = 64 << 20;

    private const int Repetitions = 16;
    private const int Connections = 1000;

    public string Title => "7 load";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await CheckGigabyteAsync(stage, cancellationToken);
        yield return await CheckProbeAsync(stage, "half-close both ways", ["half-close"], cancellationToken);
        yield return await CheckProbeAsync(stage, "1,000 connections at once", ["connections", "--count", $"{Connections}"], cancellationToken);
    }

    private async Task<FactLine> CheckGigabyteAsync(IDemoStage stage, CancellationToken cancellationToken)
    {
        byte[] expected = await HashFileAsync(Path.Combine(stage.ServerFiles, DemoNames.Blob), cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int filled = 0;
        int matching = 0;
        long begin = TimeProvider.System.GetTimestamp();
        using Download download = new Curl(stage.ClientNamespace).Start(
            $"{stage.Targets[0].BaseUrl}files/{DemoNames.Blob}?[1-{Repetitions}]", "--max-time", "60");
        (long bytes, int exitCode, string error) = await download.FinishAsync(
            chunk =>
            {
                while (!chunk.IsEmpty)
                {
                    int taken = Math.Min(chunk.Length, BlobBytes - filled);
                    hash.AppendData(chunk.Span[..taken]);
                    chunk = chunk[taken..];
                    filled = (filled + taken) % BlobBytes;
                    matching += filled == 0 && hash.GetHashAndReset().AsSpan().SequenceEqual(expected) ? 1 : 0;
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);
        double seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        return FactLine.Of(
            exitCode == 0 && matching == Repetitions && bytes == (long)Repetitions * BlobBytes,
            $"{Title}: 1 GiB with matching checksum",
            $"{bytes} bytes, sha256 {Convert.ToHexStringLower(expected)[..12]}… right {matching} of {Repetitions} times, {seconds:0.0} s, {bytes * 8 / seconds / 1e9:0.0} Gb/s{(exitCode == 0 ? "" : $"; curl {exitCode}: {error}")}");
    }

    private async Task<FactLine> CheckProbeAsync(IDemoStage stage, string fact, string[] words, CancellationToken cancellationToken)
    {
        var command = new ProgramCommand(OwnProgram.Path, ["probe", .. words, "--server", $"{stage.ProbeServer}"])
        {
            NetworkNamespace = stage.ClientNamespace,
            Timeout = TimeSpan.FromSeconds(40),
        };
        ProgramResult result = await new ProgramRunner().RunAsync(command, cancellationToken);
        string said = result.StandardOutput.Trim();
        return FactLine.Of(result.Succeeded, $"{Title}: {fact}", said.Length > 0 ? said : $"probe ended with {result.ExitCode}: {result.StandardError.Trim()}");
    }

    private static async Task<byte[]> HashFileAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        return await SHA256.HashDataAsync(file, cancellationToken);
    }
}
