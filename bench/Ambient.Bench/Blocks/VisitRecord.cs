namespace Ambient.Bench.Blocks;

/// <summary>One slice of load on one system.</summary>
/// <param name="System">Name of the system.</param>
/// <param name="Figures">Figure name to value; names are the constants of <see cref="FigureName"/>.</param>
/// <param name="Errors">Operations that failed in the slice.</param>
/// <param name="Message">The first failure.</param>
internal sealed record VisitRecord(string System, IReadOnlyDictionary<string, double> Figures, long Errors, string Message);
