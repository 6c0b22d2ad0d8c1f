using System.Globalization;
using ActorFlow.Core.Tests.Workflows.Properties.Driving;
using ActorFlow.Core.Tests.Workflows.Properties.Generation;
using ActorFlow.Core.Tests.Workflows.Properties.Reference;
using CsCheck;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>
/// How many random cases a property is tried with. <c>ACTORFLOW_PROPERTY_FACTOR=50</c> tries fifty times as many; a failure names its
/// seed, and <c>CsCheck_Seed=…</c> repeats it.
/// </summary>
internal static class CaseRuns
{
    private static readonly int Factor =
        int.TryParse(Environment.GetEnvironmentVariable("ACTORFLOW_PROPERTY_FACTOR"), CultureInfo.InvariantCulture, out var factor) ? factor : 1;

    public static void ForAll(Taste taste, int cases, Action<RunCase> property) =>
        new CaseGen(taste).Sample(property, iter: cases * Factor, print: @case => @case.ToString());

    public static void AgreesWithReference(RunCase @case, Mischief mischief)
    {
        var expected = ReferenceRun.Tell(@case).ToString();
        var actual = Driver.Tell(@case, mischief).ToString();
        Same(expected, actual);
    }

    public static void Same(string expected, string actual) => Promise.That(
        expected == actual, $"another story.\n{StateText.Difference(expected, actual)}\nexpected:\n{expected}\nactual:\n{actual}");
}
