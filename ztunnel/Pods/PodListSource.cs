using System.Threading.Channels;
using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Pods;

/// <summary>
/// Turns texts of the pod list into running proxies, one list at a time and always the last good one; a list with any error is refused whole.
/// </summary>
internal sealed class PodListSource(string path, PodProxySet pods, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile IReadOnlyList<PodEntry> _wanted = [];

    /// <returns>False when the text was refused; the last good list stays in force.</returns>
    public bool Read(string text)
    {
        if (PodList.Parse(text, out string? error) is not { } entries)
        {
            PodsLog.ListRefused(logger, path, error);
            return false;
        }

        _wanted = entries;
        _changes.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Makes the pods those of the last good list.</summary>
    public Task ApplyAsync()
    {
        _changes.Reader.TryRead(out _);
        return pods.ApplyAsync(_wanted);
    }

    /// <summary>The same at every change, until cancelled; what fails is tried again every 5 s.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            while (await _changes.Reader.WaitToReadAsync(cancellation))
            {
                await ApplyChangeAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The way in which this ends.
        }
    }

    private async Task ApplyChangeAsync(CancellationToken cancellation)
    {
        try
        {
            await ApplyAsync();
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            PodsLog.ListFailed(logger, path, error);
            await Task.Delay(RetryInterval, time, cancellation);
            _changes.Writer.TryWrite(true);
        }
    }
}
