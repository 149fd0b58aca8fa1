using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Pods;

/// <summary>Turns texts of the pod list into running proxies; a list with any error is refused whole.</summary>
internal sealed class PodListSource(string path, PodProxySet pods, ILogger logger)
{
    private volatile IReadOnlyList<PodEntry> _wanted = [];
    private volatile bool _isStarted;

    /// <returns>False when the text was refused; the last good list stays in force.</returns>
    public bool Read(string text)
    {
        if (PodList.Parse(text, out string? error) is not { } entries)
        {
            PodsLog.ListRefused(logger, path, error);
            return false;
        }

        _wanted = entries;
        if (_isStarted)
        {
            _ = ApplyChangeAsync();
        }

        return true;
    }

    /// <summary>Makes the pods those of the last good list, now and from now on at every change.</summary>
    public Task ApplyAsync()
    {
        _isStarted = true;
        return pods.ApplyAsync(_wanted);
    }

    private async Task ApplyChangeAsync()
    {
        try
        {
            await pods.ApplyAsync(_wanted);
        }
        catch (Exception error)
        {
            PodsLog.ListFailed(logger, path, error);
        }
    }
}
