namespace Ambient.Lab.State;

/// <summary>A node of a lab, as status shows it.</summary>
public sealed record NodeRecord(string Name, string Namespace);
