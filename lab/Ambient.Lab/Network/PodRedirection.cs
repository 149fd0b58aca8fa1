using Ambient.Redirection;

namespace Ambient.Lab.Network;

/// <summary>Redirection of a lab's pods: every enrolled pod has the same.</summary>
internal sealed class PodRedirection(IPodRedirector redirector)
{
    private static readonly PodRedirectionSpec Spec = new() { DnsCapture = true };

    public string Mode => redirector.Mode;

    /// <exception cref="LabException">It is not in place; the message has the failed step.</exception>
    public async Task ApplyAsync(string pod, string namespacePath, CancellationToken cancellationToken) =>
        ThrowIfFailed(pod, await redirector.ApplyAsync(namespacePath, Spec, cancellationToken));

    /// <exception cref="LabException">Some of it may still be there; the message has the failed step.</exception>
    public async Task RemoveAsync(string pod, string namespacePath, CancellationToken cancellationToken) =>
        ThrowIfFailed(pod, await redirector.RemoveAsync(namespacePath, cancellationToken));

    private static void ThrowIfFailed(string pod, RedirectionFailure? failure)
    {
        if (failure is not null)
        {
            throw new LabException($"Pod {pod}: {failure.Step}: {failure.Reason}", failure.NextStep);
        }
    }
}
