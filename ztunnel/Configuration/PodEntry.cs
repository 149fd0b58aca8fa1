namespace Ambient.Ztunnel.Configuration;

/// <summary>One pod to serve in shared mode.</summary>
/// <param name="NetworkNamespacePath">Such as <c>/run/netns/NAME</c> or <c>/proc/PID/ns/net</c>.</param>
internal sealed record PodEntry(string Uid, WorkloadInfo Workload, string NetworkNamespacePath);
