namespace ActorFlow.Perf.Measurements;

/// <summary>What is measured of the resident set.</summary>
public enum Rss
{
    /// <summary>Its size when the body has ended.</summary>
    AtEnd,

    /// <summary>Its largest size while the body ran.</summary>
    Peak,

    /// <summary>How far it rose over its size before, at most, while the body ran.</summary>
    Growth,
}

/// <summary>The resident set of this process, looked at every few milliseconds while the body runs.</summary>
/// <param name="what">What is measured of it.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ResidentSetAttribute(Rss what) : MeasuredAttribute
{
    private const double Mebibyte = 1024 * 1024;

    /// <inheritdoc/>
    public override MeasuredName Metric { get; } =
        new(what switch { Rss.AtEnd => "rss", Rss.Peak => "peak rss", _ => "rss growth" }, "MB", MetricKind.Memory);

    /// <inheritdoc/>
    public override Func<double> Begin()
    {
        if (what == Rss.AtEnd)
        {
            return () => ResidentSet.Now / Mebibyte;
        }

        var before = ResidentSet.Now;
        var watch = ResidentSet.Watch();
        return () => (watch.Stop() - (what == Rss.Growth ? before : 0)) / Mebibyte;
    }
}

/// <inheritdoc/>
public sealed class ResidentSetConfigurator : MeasuredConfigurator<ResidentSetAttribute>;
