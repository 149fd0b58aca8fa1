namespace Ambient.Lab.State;

/// <summary>A service of a lab, as status shows it.</summary>
public sealed record ServiceRecord(string HostName, string AddressV4, string AddressV6, IReadOnlyList<string> Ports);
