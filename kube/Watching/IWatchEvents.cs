using Ambient.Kube.Client;

namespace Ambient.Kube.Watching;

/// <summary>What is worth a line in a log while objects are watched. Called from the loop of the watch: must not block or throw.</summary>
public interface IWatchEvents
{
    /// <summary>All objects of a kind were read.</summary>
    /// <param name="resource">The plural and group, such as <c>pods</c>.</param>
    /// <param name="objects">How many there are.</param>
    void Listed(string resource, int objects);

    /// <summary>A list or a watch failed. What was known stays in force.</summary>
    /// <param name="resource">The plural and group.</param>
    /// <param name="error">Why.</param>
    /// <param name="retryIn">When it is tried again.</param>
    void Failed(string resource, KubernetesException error, TimeSpan retryIn);

    /// <summary>A handler threw. The object is in the store and the next one is handled: a defect of the handler, not of the watch.</summary>
    void HandlerFailed(string resource, ObjectName name, Exception error);
}
