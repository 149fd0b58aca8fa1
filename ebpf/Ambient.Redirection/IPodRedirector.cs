namespace Ambient.Redirection;

/// <summary>Brings a pod's traffic to the proxy's listeners in the pod's network namespace, and lets go of it again.</summary>
public interface IPodRedirector
{
    /// <summary>Name of the mechanism, as shown to the operator.</summary>
    string Mode { get; }

    /// <summary>
    /// Puts redirection in place, replacing what an earlier call put there. Null on success. After a failure the
    /// pod may be partly captured; it never is open where it was captured before. The namespace is a path such as
    /// <c>/run/netns/NAME</c> or <c>/proc/PID/ns/net</c>.
    /// </summary>
    Task<RedirectionFailure?> ApplyAsync(string networkNamespace, PodRedirectionSpec spec, CancellationToken cancellationToken);

    /// <summary>Removes all that <see cref="ApplyAsync"/> made, whatever the spec was. Null on success, also when nothing was there.</summary>
    Task<RedirectionFailure?> RemoveAsync(string networkNamespace, CancellationToken cancellationToken);
}
