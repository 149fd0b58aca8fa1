namespace Ambient.Lab.State;

/// <summary>A pod of a lab, as status shows it and exec finds it.</summary>
public sealed record PodRecord(
    string Name, string Namespace, string ServiceAccount, string Node, string NetworkNamespace, string? Cgroup, string AddressV4, string AddressV6, bool Enrolled);
