namespace Ambient.Cli;

/// <summary>What a command reads and writes.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">What was asked for.</param>
/// <param name="Error">Everything else.</param>
internal sealed record CommandConsole(TextReader Input, TextWriter Output, TextWriter Error);
