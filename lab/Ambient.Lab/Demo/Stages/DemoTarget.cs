namespace Ambient.Lab.Demo.Stages;

/// <summary>One way for the client to reach the server.</summary>
/// <param name="Label">Such as "pod address, IPv4".</param>
/// <param name="BaseUrl">Ends with a slash.</param>
/// <param name="ClientAddress">Address that the server must see; null where the stage cannot keep the client's own.</param>
/// <param name="IsPodAddress">And not a service.</param>
internal sealed record DemoTarget(string Label, string BaseUrl, string? ClientAddress, bool IsPodAddress);
