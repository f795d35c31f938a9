"""tslearn's k-means on the same data from the same start. Usage: FOLDER dtw|softdtw; prints JSON."""
import json
import sys
import time

import numpy
from tslearn.clustering import TimeSeriesKMeans

folder, metric = sys.argv[1:]
series, init = numpy.load(f"{folder}/series.npy"), numpy.load(f"{folder}/init.npy")


def fit(data):
    return TimeSeriesKMeans(n_clusters=len(init), metric=metric, init=init, max_iter=10, n_init=1,
                            max_iter_barycenter=10, n_jobs=1, tol=0).fit(data)


fit(series[:40])  # numba compiles
before = time.process_time()
model = fit(series)
print(json.dumps({"seconds": time.process_time() - before, "inertia": float(model.inertia_)}))
