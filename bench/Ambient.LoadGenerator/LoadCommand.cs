namespace Ambient.LoadGenerator;

/// <summary>One order to the resident generator, as one JSON line on its input.</summary>
/// <param name="Kind">One of the constants of <see cref="LoadCommandKind"/>.</param>
/// <param name="Target">address:port that the load goes to.</param>
/// <param name="Connections">Connections at once.</param>
/// <param name="Milliseconds">How long to load, for the kinds that have a duration.</param>
/// <param name="Bytes">Bytes of one message, for <see cref="LoadCommandKind.PingPong"/>.</param>
/// <param name="Sources">Loopback addresses to connect from in turn, 127.0.0.2 and up; 0 leaves the choice to the kernel.</param>
internal sealed record LoadCommand(string Kind, string Target = "", int Connections = 1, int Milliseconds = 1000, int Bytes = 1, int Sources = 0);
