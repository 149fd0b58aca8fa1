namespace Ambient.Testing.Namespaces;

/// <summary>What a finished program said.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error);
